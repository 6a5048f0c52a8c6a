"""A sample of each event, made by the service's own code from made-up uploads, as EventBridge delivers it."""

import copy
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from autotag.adapters.aws.eventbridge import EventBridge
from autotag.domain.model.asset import parse_ref
from autotag.domain.model.audit import DetailType
from autotag.domain.model.messages import AssetDeleted, LabelsObserved, Message, MessageOrigin, ReviewAnswered
from autotag.domain.notifications.parse import parse_resource
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import resource
from tests.unit.docs.events.event_schemas import slug

RULES = """
name = "acme"
[defaults]
threshold = 0.7
review = 0.5
[labels."Electric Guitar"]
threshold = 0.6
tag = "guitar"
parents = ["music"]
"""
REVIEWER = "arn:aws:sts::111122223333:assumed-role/reviewers/session"
_SECONDS = START // 1000


class _Sent:
    """Stands for the client of EventBridge, and keeps what is sent."""

    def __init__(self) -> None:
        self.entries: list[dict[str, str]] = []

    def put_events(self, Entries: list[dict[str, str]]) -> dict[str, int]:
        self.entries += Entries
        return {"FailedEntryCount": 0}


def samples() -> dict[str, dict[str, Any]]:
    """Return each sample by the name of its file, without the extension."""
    found: dict[str, dict[str, Any]] = {}
    for name, kind, message in _cases():
        fakes, client = Fakes(RULES), _Sent()
        deps = replace(fakes.deps, bus=EventBridge(client, "autotag"))
        fakes.cloudinary.assets[_ASSET] = copy.deepcopy(_GUITARIST)  # calls change it
        if not isinstance(message, LabelsObserved):
            handle(deps, _uploaded(_GUITARIST), fakes.remaining)
            client.entries.clear()
        handle(deps, message, fakes.remaining)
        (entry,) = [each for each in client.entries if each["DetailType"] == kind]
        found[name] = _delivered(name, entry)
    return found


def _cases() -> Iterator[tuple[str, DetailType, Message]]:
    """Yield each sample's name, its detail-type, and the message that leads to it."""
    cases: dict[DetailType, dict[str, Any]] = {
        "Asset Tagged": _GUITARIST,
        "Asset Unchanged": _asset({"Furniture": 0.4121}),
        "Review Needed": _asset({"Musician": 0.5754}),
        "Categorization Failed": _asset(status="failed"),
        "Asset Skipped": _asset(status="none"),
    }
    for kind, body in cases.items():
        yield slug(kind), kind, _uploaded(body)
    origin = MessageOrigin("", hashlib.sha256(b"an answer").hexdigest(), "4d2e8f60a1b34c5d9e7f0a1b2c3d4e5f")
    answer = ReviewAnswered(_ASSET, _SECONDS, REVIEWER, START + 60_000, origin, accept=("Musician",))
    yield "asset-tagged-by-reviewer", "Asset Tagged", answer
    origin = MessageOrigin("delete", hashlib.sha256(b"a deletion").hexdigest(), "")
    yield "asset-skipped-deleted", "Asset Skipped", AssetDeleted(parse_ref(_GUITARIST), START + 60_000, origin)


def _asset(labels: dict[str, float] | None = None, *, status: str = "complete") -> dict[str, Any]:
    return resource(_ASSET, labels, status=status, tags=("press",), version=_SECONDS, public_id="stage/guitarist")


_ASSET = "9d2f7c1e4b6a48d0a3c5e8f71b2d6094"
_GUITARIST = _asset({"People": 0.9922, "Electric Guitar": 0.7046, "Musician": 0.5754})


def _uploaded(body: dict[str, Any]) -> Message:
    digest = hashlib.sha256(json.dumps(body).encode()).hexdigest()
    return parse_resource(body, START, MessageOrigin("upload", digest, "3f1c0a5e9b7d4c2f8a6e1d0b5c4f3a21"))


def _delivered(name: str, entry: dict[str, str]) -> dict[str, Any]:
    """Return an entry as EventBridge delivers it. Source: EventBridge user guide, "EventBridge event structure"."""
    detail = json.loads(entry["Detail"])
    return {
        "version": "0",
        "id": str(UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4)),
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "account": "111122223333",
        "time": f"{detail['at'][:19]}Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    }
