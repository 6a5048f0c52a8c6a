"""A Cloudinary account in memory, in place of the network: assets that uploads make and overwrite, and what is charged.

Like the local Cloudinary, it clears tags, context and metadata on overwrite unless ``keeps`` says otherwise.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import requests

from autotag_cli.cloudinary.metadata_pairs import decode_pairs
from autotag_cli.stack.environment import Environment
from tests.unit.autotag_cli.fake_cloudinary import FakeCloudinary, RecordedCall, answered

LABELS = [{"tag": "People", "confidence": 0.9922}, {"tag": "Guitar", "confidence": 0.7046}]


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


class FakeAccount(FakeCloudinary):
    """``assets`` by public_id. ``sending``, ``before`` and ``after`` are called with the number of each call, from 1.

    What ``after`` raises is raised when the call has taken effect, what ``before`` raises when it has not; ``sending``
    comes before the file is read. ``stores`` is what becomes of a file's bytes. Time passes in ``sleep`` alone.
    """

    def __init__(self, *, keeps: bool = False) -> None:
        super().__init__()
        self.assets: dict[str, dict[str, Any]] = {}
        self.charged = 0
        self.keeps = keeps
        self.now = 1_791_460_800
        self.calls = self._ids = 0
        self.stores: Callable[[bytes], bytes] = lambda data: data
        self.sending: Callable[[int], None] = lambda number: None
        self.before: Callable[[int], None] = lambda number: None
        self.after: Callable[[int], None] = lambda number: None
        self.slept: list[float] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.answers = [{}]
        if not str(request.url).endswith("/ping"):
            self.calls += 1
            self.sending(self.calls)
        super().send(request, *args, **options)
        call = self.received[-1]
        if call.path == "ping":
            response = answered(request, 200, {"status": "ok"})
            response.headers["Date"] = formatdate(self.now, usegmt=True)
            return response
        self.before(self.calls)
        status, body = self._call(call)
        self.after(self.calls)
        return answered(request, status, body)

    @property
    def uploads(self) -> list[RecordedCall]:
        """The calls of the Upload API."""
        return [call for call in self.received if not call.path.startswith(("ping", "resources/"))]

    def environment_in(self, folder: Path) -> Environment:
        """Return an environment in which this is Cloudinary, commands store in ``folder``, and nothing waits."""
        return replace(self.state(folder), sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += round(seconds)

    def put(self, public_id: str, data: bytes, **values: Any) -> None:
        """Store an asset as another program uploaded it."""
        self.assets[public_id] = self._asset(public_id, data) | values

    def _call(self, call: RecordedCall) -> tuple[int, dict[str, Any]]:
        kind, _, action = call.path.partition("/")
        if kind == "resources":
            public_id = unquote(call.path.split("/", 3)[-1])
            return self._found(public_id) if call.method == "GET" else self._changed(public_id, call.fields)
        match action:
            case "upload":
                empty = call.file is not None and not call.file[1]
                return (400, {"error": {"message": "Empty file"}}) if empty else (200, self._upload(call))
            case "explicit":
                return self._changed(call.fields["public_id"], call.fields)
            case "tags":
                for public_id in call.fields["public_ids[]"]:
                    tags = self.assets[public_id]["tags"]
                    tags += [tag for tag in call.fields["tag"].split(",") if tag not in tags]
                return 200, {"public_ids": call.fields["public_ids[]"]}
            case "context":
                for public_id in call.fields["public_ids[]"]:
                    custom = self.assets[public_id].setdefault("context", {"custom": {}})["custom"]
                    custom |= decode_pairs(call.fields["context"])
                return 200, {"public_ids": call.fields["public_ids[]"]}
        raise AssertionError(call.path)

    def _upload(self, call: RecordedCall) -> dict[str, Any]:
        assert call.file is not None
        fields, public_id = call.fields, call.fields["public_id"]
        there = self.assets.get(public_id)
        self._ids += 1
        if there is not None and fields["overwrite"] != "true":
            return there | {"existing": True}
        asset = self._asset(public_id, self.stores(call.file[1]))
        if there is not None and self.keeps:
            asset |= {name: there[name] for name in ("tags", "context", "metadata") if name in there}
        self._give(asset, fields)
        self.assets[public_id] = asset
        return dict(asset)

    def _asset(self, public_id: str, data: bytes) -> dict[str, Any]:
        return {
            "asset_id": md5(public_id.encode()), "public_id": public_id, "resource_type": "image", "type": "upload",
            "etag": md5(data), "bytes": len(data), "version": self.now, "version_id": str(self._ids), "tags": [],
        }  # fmt: skip

    def _give(self, asset: dict[str, Any], fields: dict[str, Any]) -> None:
        if "tags" in fields:
            asset["tags"] = fields["tags"].split(",")
        if "context" in fields:
            asset["context"] = {"custom": decode_pairs(fields["context"])}
        if "metadata" in fields:
            asset["metadata"] = decode_pairs(fields["metadata"])
        asset |= {name: fields[name] for name in ("asset_folder", "display_name") if name in fields}
        if "categorization" in fields:
            self.charged += 1
            done = {name: {"status": "complete", "data": LABELS} for name in fields["categorization"].split(",")}
            asset["info"] = {"categorization": done}
        if "auto_tagging" in fields:
            names = [each["tag"] for each in LABELS if float(str(each["confidence"])) >= float(fields["auto_tagging"])]
            asset["tags"] = [*asset["tags"], *names]

    def _found(self, public_id: str) -> tuple[int, dict[str, Any]]:
        if public_id not in self.assets:
            return 404, {"error": {"message": f"Resource not found - {public_id}"}}
        return 200, dict(self.assets[public_id])

    def _changed(self, public_id: str, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if public_id in self.assets:
            self._give(self.assets[public_id], fields)
        return self._found(public_id)


def lost(*numbers: int) -> Callable[[int], None]:
    """Return what loses the answers to these calls."""

    def lose(number: int) -> None:
        if number in numbers:
            raise requests.ConnectionError("the line is dead")

    return lose
