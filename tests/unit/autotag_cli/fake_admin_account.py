"""A Cloudinary account in memory, as its Admin API shows it: triggers, usage, images and the limit of calls."""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from tests.unit.autotag_cli.fake_images import FakeImages

HOOK = "https://door.lambda-url.eu-west-1.on.aws/"
NOW = 1_791_460_801.0
"""When everything happens, as the fake ops function's clock says."""


class FakeAdminAccount(BaseAdapter):
    """Cloudinary: ``triggers`` by id, ``images``, and what it was asked.

    ``keys`` are its access keys, where ``keys_by_base`` has no others for a host; ``remaining`` are the Admin calls
    left; triggers for ``refused`` events are not taken. ``presets`` are its upload presets by name; a change of one
    loses ``lost_setting``. ``waiting`` are the messages in poll channels.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys = {"111": "signer", "222": "writer"}
        self.triggers: dict[str, dict[str, Any]] = {}
        self.presets: dict[str, dict[str, Any]] = {}
        self.lost_setting = ""
        self.waiting: dict[str, list[dict[str, Any]]] = {}
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
        path = urlsplit(str(request.url)).path.removeprefix("/v1_1/demo/").removeprefix("/v2/notifications/demo/")
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
        is_json = kind in ("triggers", "upload_presets") and isinstance(request.body, bytes)
        fields = json.loads(request.body or b"") if is_json else {}
        match method, kind, rest:
            case "GET", "ping", _:
                return 200, {"status": "ok"}
            case "GET", "messages", _:
                asked = dict(parse_qsl(urlsplit(str(request.url)).query))
                assert (asked["wait_seconds"], asked["max_messages"]) == ("0", "100")
                waiting = self.waiting.get(asked["channel"], [])
                return 200, {"messages": waiting} if waiting else {}
            case "POST", "messages", "ack":
                handles = json.loads(request.body or b"")["receipt_handles"]
                for name, waiting in self.waiting.items():
                    self.waiting[name] = [each for each in waiting if each["receipt_handle"] not in handles]
                return 200, {}
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
            case "GET", "upload_presets", "":
                return 200, {"presets": [{"name": name, **preset} for name, preset in self.presets.items()]}
            case _, "upload_presets", _ if rest not in self.presets:
                return 404, {"error": {"message": f"Can't find upload preset with name {rest}"}}
            case "GET", "upload_presets", _:
                return 200, {"name": rest, **self.presets[rest]}
            case "PUT", "upload_presets", _:
                unsigned = fields.pop("unsigned")
                fields.pop(self.lost_setting, None)
                self.presets[rest] = {"unsigned": unsigned, "settings": {n: _stored(n, v) for n, v in fields.items()}}
                return 200, {"message": "updated"}
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


def _stored(name: str, value: Any) -> Any:
    """Return a setting as the API answers it: tags as a list, context as an object."""
    if name == "tags":
        return value.split(",")
    return dict(pair.split("=", 1) for pair in value.split("|")) if name == "context" else value
