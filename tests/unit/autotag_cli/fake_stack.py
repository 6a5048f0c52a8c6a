"""A stack and a Cloudinary account in memory, on which set-up and doctor work as on real ones."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from botocore.exceptions import ClientError
from requests.adapters import BaseAdapter

from autotag.domain.errors import Rejected
from autotag.domain.notifications.signature import verify
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Keys, Reply, Target
from tests.unit.autotag_cli.fake_images import FakeImages
from tests.unit.autotag_cli.fake_ops import FakeOps

HOOK = "https://door.lambda-url.eu-west-1.on.aws/"
OUTPUTS = {
    "OpsUrl": "https://ops.lambda-url.eu-west-1.on.aws/",
    "WebhookUrl": HOOK,
    "WebhookFunctionName": "webhook",
    "SecretArn": "arn:secret",
    "DeadLetterQueueUrl": "https://sqs/dead",
    "BulkDeadLetterQueueUrl": "https://sqs/bulk-dead",
}
DOCUMENT = {
    "cloud_name": "demo",
    "api_key": "222",
    "api_secret": "writer",
    "notification_secrets": {"111": "signer"},
    "writer_key_dedicated": True,
    "keeps_tags": False,
}
URL = "cloudinary://222:writer@demo"
NOW = 1_791_460_801.0
"""When everything happens, as the fake ops function's clock says."""


class FakeAdminAccount(BaseAdapter):
    """Cloudinary: ``triggers`` by id, ``images``, and what it was asked.

    ``keys`` are its access keys, where ``keys_by_base`` has no others for a host; ``remaining`` are the Admin calls
    left; triggers for ``refused`` events are not taken.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys = {"111": "signer", "222": "writer"}
        self.triggers: dict[str, dict[str, Any]] = {}
        self.images = FakeImages()
        self.received: list[tuple[str, str]] = []
        self.usage: dict[str, Any] = {"aws_rek_tagging": {"usage": 10, "limit": 100}}
        self.keys_by_base: dict[str, dict[str, str]] = {}
        self.remaining, self.ahead, self.numbers = 1900, 0.0, 0
        self.down = self.silent_put = self.plain = False
        self.refused: frozenset[str] = frozenset()
        self.refuses_with = 400

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        if self.down:
            raise requests.ConnectionError("down")
        path = urlsplit(str(request.url)).path.removeprefix("/v1_1/demo/")
        self.received.append((str(request.method), path))
        basic = str(request.headers["Authorization"]).removeprefix("Basic ")
        key, _colon, secret = base64.b64decode(basic).decode().partition(":")
        if self.keys_by_base.get(urlsplit(str(request.url)).netloc, self.keys).get(key) != secret:
            return self._answer(request, 401, {"error": {"message": "api_secret mismatch"}})
        if not path.startswith("image/"):
            if self.remaining <= 0:
                return self._answer(request, 420, {"error": {"message": "Rate Limit Exceeded"}})
            self.remaining -= 1
        return self._answer(request, *self._do(str(request.method), path, request))

    def close(self) -> None:
        pass

    def create(self, **fields: Any) -> str:
        """Make a trigger as somebody in the Console does."""
        self.numbers += 1
        self.triggers[f"t{self.numbers}"] = {"uri_type": "webhook", "auth_scheme": "default", **fields}
        return f"t{self.numbers}"

    def events(self, uri: str = HOOK) -> list[str]:
        """Return the event types of the triggers that lead to ``uri``."""
        return sorted(trigger["event_type"] for trigger in self.triggers.values() if trigger["uri"] == uri)

    def tells_of(self, event: str) -> bool:
        """Return whether a trigger is there for ``event``, wherever it leads."""
        return any(trigger["event_type"] == event for trigger in self.triggers.values())

    def changes(self) -> list[tuple[str, str]]:
        """Return what was asked besides reading."""
        return [call for call in self.received if call[0] != "GET"]

    def _do(self, method: str, path: str, request: requests.PreparedRequest) -> tuple[int, dict[str, Any]]:
        kind, _, rest = path.partition("/")
        fields = json.loads(request.body) if kind == "triggers" and isinstance(request.body, bytes) else {}
        match method, kind, rest:
            case "GET", "ping", _:
                return 200, {"status": "ok"}
            case "GET", "usage", _:
                return 200, self.usage
            case "GET", "triggers", _:
                return 200, {"triggers": [self._shown(each) for each in self.triggers]}
            case "POST", "triggers", _ if fields["event_type"] in self.refused:
                return self.refuses_with, {"error": {"message": f"Invalid event_type {fields['event_type']}"}}
            case "POST", "triggers", _:
                return 200, self._shown(self.create(**fields))
            case "PUT", "triggers", _:
                self._change(rest, fields)
                return 200, {"message": "ok"} if self.silent_put else self._shown(rest)
            case "DELETE", "triggers", _:
                return (200, {"message": "ok"}) if self.triggers.pop(rest, None) else (404, {})
            case "POST", "image", "upload" | "destroy":
                return self.images.answer(rest, request)
            case "GET", "resources", _:
                return self.images.answer(rest.removeprefix("image/upload/"), request)
        raise AssertionError(f"{method} {path}")

    def _change(self, trigger_id: str, fields: dict[str, Any]) -> None:
        known = {name: value for name, value in fields.items() if name != "new_uri"}
        self.triggers[trigger_id] |= known if not self.plain else {"uri": fields["new_uri"]}

    def _shown(self, trigger_id: str) -> dict[str, Any]:
        return {"id": trigger_id, "created_at": "2026-10-08", **self.triggers[trigger_id]}

    def _answer(self, request: requests.PreparedRequest, status: int, body: dict[str, Any]) -> requests.Response:
        from email.utils import formatdate

        response = requests.Response()
        response.status_code, response.url, response.request = status, str(request.url), request
        response._content = json.dumps(body).encode()
        response.headers["Date"] = formatdate(NOW + self.ahead, usegmt=True)
        response.headers["X-FeatureRateLimit-Limit"] = "2000"
        response.headers["X-FeatureRateLimit-Remaining"] = str(self.remaining)
        response.headers["X-FeatureRateLimit-Reset"] = formatdate(NOW + 1800, usegmt=True)
        return response


class FakeAws:
    """Secrets Manager, Lambda and the logs of one stack; ``denied`` names operations that IAM forbids."""

    def __init__(self) -> None:
        self.value: str | None = None
        self.written = 0
        self.tags: dict[str, str] = {}
        self.lines: list[tuple[float, dict[str, Any]]] = []
        self.denied: set[str] = set()
        self.received: list[str] = []

    def __call__(self, target: Target, service: str) -> Any:
        return self

    def get_secret_value(self, SecretId: str) -> dict[str, Any]:
        self._ask("GetSecretValue")
        if self.value is None:
            raise refused("ResourceNotFoundException", "GetSecretValue")
        return {"SecretString": self.value}

    def put_secret_value(self, SecretId: str, SecretString: str) -> None:
        self._ask("PutSecretValue")
        self.value, self.written = SecretString, self.written + 1

    def describe_secret(self, SecretId: str) -> dict[str, Any]:
        self._ask("DescribeSecret")
        return {"Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()]}

    def tag_resource(self, SecretId: str, Tags: list[dict[str, str]]) -> None:
        self._ask("TagResource")
        self.tags |= {tag["Key"]: tag["Value"] for tag in Tags}

    def untag_resource(self, SecretId: str, TagKeys: list[str]) -> None:
        self._ask("UntagResource")
        for key in TagKeys:
            del self.tags[key]

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:
        self._ask("GetFunctionConfiguration")
        return {"LoggingConfig": {"LogGroup": "group"}}

    def get_paginator(self, operation: str) -> Any:
        return self

    def paginate(self, logGroupName: str, startTime: int, filterPattern: str) -> Any:
        self._ask("FilterLogEvents")
        found = [
            {"timestamp": round(at * 1000), "message": json.dumps(line)}
            for at, line in self.lines
            if at * 1000 >= startTime
        ]
        return [{"events": [{"timestamp": 0, "message": "START RequestId"}, *found]}]

    def _ask(self, operation: str) -> None:
        self.received.append(operation)
        if operation in self.denied:
            raise refused("AccessDeniedException", operation)


def refused(code: str, operation: str) -> ClientError:
    """Return AWS's refusal."""
    return ClientError({"Error": {"Code": code, "Message": f"no {operation}"}}, operation)


class FakeStack:
    """All of it, well and set up by nobody. Notifications that Cloudinary signs are seen at once.

    ``door`` answers instead of a webhook that verifies; ``signer`` is the key that Cloudinary signs with, None where
    it sends nothing.
    """

    def __init__(self, document: dict[str, Any] | None = None) -> None:
        self.account, self.aws, self.ops = FakeAdminAccount(), FakeAws(), FakeOps()
        self.aws.value = json.dumps(document) if document is not None else None
        self.outputs: dict[str, str] = dict(OUTPUTS)
        self.variables = {"CLOUDINARY_URL": URL}
        self.time, self.knocks = NOW, 0
        self.door: Callable[[], int] | None = None
        self.signer: str | None = "111"
        self.images = self.account.images
        self.images.on_upload = self._notify

    @property
    def secrets(self) -> dict[str, str]:
        """What the functions accept."""
        printed = json.loads(self.aws.value or "{}")
        return printed.get("notification_secrets") or ({printed["api_key"]: printed["api_secret"]} if printed else {})

    @property
    def environment(self) -> Environment:
        """The environment of a command."""
        return Environment(
            self.variables, (), self._find, self._post, self.account, self.aws, lambda: self.time, self._sleep
        )

    def _find(self, name: str) -> Target:
        return Target(name, OUTPUTS["OpsUrl"], "eu-west-1", Keys("AKID", "sekrit"), self.outputs)

    def _sleep(self, seconds: float) -> None:
        self.time += seconds

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if url == OUTPUTS["OpsUrl"]:
            return self.ops(url, headers, body)
        assert url == HOOK
        self.knocks += 1
        if self.door is not None:
            return Reply(self.door(), b"")
        lower = {name.lower(): value for name, value in headers.items()}
        try:
            verify(body, lower, self.secrets, now=self.time)
        except Rejected:
            return Reply(401 if self.secrets else 503, b"")
        return Reply(200, b"")

    def _notify(self, asset_id: str) -> None:
        if self.signer is None or not self.account.tells_of("upload"):
            return
        if self.secrets.get(self.signer) != self.account.keys[self.signer]:
            refused = {"message": "rejected", "rule": "mismatch", "claimed_key": self.signer}
            self.aws.lines.append((self.time + 1, refused))
            return
        accepted = {"message": "accepted", "key_id": self.signer, "assets": [asset_id]}
        self.aws.lines.append((self.time, accepted))
        self.ops.decided(
            {"asset_id": asset_id, "public_id": "autotag-probe/x", "resource_type": "image", "type": "upload",
             "version": 1, "tags": []}
        )  # fmt: skip
