"""A Cloudinary in memory, in place of the network: what it was asked, and answers that a test lays out."""

import base64
import json
from collections.abc import Mapping
from email import message_from_bytes
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from autotag_cli.stack.environment import Environment
from tests.unit.autotag_cli.run_command import fake_environment

URL = "cloudinary://111:s3cr3t@demo"


class RecordedCall(NamedTuple):
    """One call: its path after the cloud name, its fields (several in a list), its file's name and content."""

    method: str
    path: str
    fields: dict[str, Any]
    file: tuple[str, bytes] | None
    headers: Mapping[str, str]


class FakeCloudinary(BaseAdapter):
    """Gives the next of ``answers``, each a body or a status with a body; then the last again."""

    def __init__(self, *answers: dict[str, Any] | tuple[int, dict[str, Any] | str] | Exception) -> None:
        super().__init__()
        self.answers = list(answers) or [{}]
        self.received: list[RecordedCall] = []

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        parts = urlsplit(str(request.url))
        assert f"{parts.scheme}://{parts.netloc}" == "https://api.cloudinary.com"
        assert request.headers["Authorization"] == f"Basic {base64.b64encode(b'111:s3cr3t').decode()}"
        assert timeout is not None
        fields, file = _decoded(request)
        path = parts.path.removeprefix("/v1_1/demo/")
        self.received.append(RecordedCall(str(request.method), path, fields, file, request.headers))
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return answered(request, status, body)

    def close(self) -> None:
        pass

    @property
    def environment(self) -> Environment:
        """The environment in which this is Cloudinary."""
        return fake_environment(variables={"CLOUDINARY_URL": URL}, cloudinary=self)

    def state(self, folder: Path) -> Environment:
        """The same, where what commands keep goes into ``folder``."""
        return fake_environment(variables={"CLOUDINARY_URL": URL, "XDG_STATE_HOME": str(folder)}, cloudinary=self)


def answered(request: requests.PreparedRequest, status: int, body: dict[str, Any] | str) -> requests.Response:
    """Return the answer to ``request``."""
    response = requests.Response()
    response.status_code, response.url, response.request = status, str(request.url), request
    response._content = (body if isinstance(body, str) else json.dumps(body)).encode()
    return response


def _decoded(request: requests.PreparedRequest) -> tuple[dict[str, Any], tuple[str, bytes] | None]:
    if request.body is None:
        return {}, None
    body = request.body if isinstance(request.body, bytes) else b"".join(request.body)  # type: ignore[arg-type]
    kind = request.headers["Content-Type"]
    if kind == "application/json":
        return json.loads(body), None
    assert int(request.headers["Content-Length"]) == len(body)
    fields: dict[str, Any] = {}
    file = None
    for part in message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body).get_payload():
        assert not isinstance(part, str)
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename() is not None:
            file = str(part.get_filename()), content
        elif name.endswith("[]"):
            fields.setdefault(name, []).append(content.decode())
        else:
            fields[name] = content.decode()
    assert fields.pop("timestamp").isdecimal()
    return fields, file
