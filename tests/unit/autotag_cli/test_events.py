"""The events in ``events/``: each is what its name says, and stays it when ``make invoke`` signs it for now."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autotag.domain.model.messages import LabelsObserved, Message, TagsEdited, decode, subject_of
from autotag.domain.notifications.credentials import Credentials
from autotag.service.intake.accept import IntakeDependencies
from autotag.service.intake.webhook import handle_webhook
from autotag.service.operations.api import ListAudits, Request, Show
from local.clients.functions import function_for
from local.commands.invoke import sign_for_now
from local.core.credentials import DOCUMENTED_TIMESTAMP, SECRET_VALUE
from tests.fakes.runtime import FakeTelemetry
from tests.unit.autotag_cli.run_command import EVENTS

ALL = sorted(EVENTS.glob("*.json"))
URLS = [path for path in ALL if path.stem.startswith(("webhook-", "ops-"))]
WEBHOOK = {
    "upload-complete": (200, ["labels complete"]),
    "upload-pending": (200, ["labels pending"]),
    "info-complete": (200, ["labels complete"]),
    "info-failed": (200, ["labels failed"]),
    "tags-changed-echo": (200, []),
    "tags-changed-by-person": (200, ["person"]),
    "other-type": (200, []),
    "rename": (200, ["AssetRenamed"]),
    "delete": (200, ["AssetDeleted"]),
    "base64-body": (200, ["labels complete"]),
    "forged-signature": (401, "mismatch"),
    "missing-signature": (401, "signature_missing"),
    "v2-only": (401, "v2_only"),
    "stale": (401, "too_old"),
    "not-json": (400, "body"),
    "get": (405, []),
}


class SignedWebhook:
    """The webhook's use-case, with the documented secret and a clock that stands at ``now`` (unix seconds)."""

    def __init__(self, now: int) -> None:
        self.time, self.queued, self.telemetry = now * 1000, list[Message](), FakeTelemetry()

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        return msgspec.convert(SECRET_VALUE, Credentials)

    def now(self) -> int:
        return self.time

    def unique(self) -> str:
        raise AssertionError("the webhook needs no ids")

    def jitter(self, seconds: float) -> float:
        return seconds

    def send(self, messages: list[Message]) -> None:
        self.queued += messages

    def answer(self, event: dict[str, Any]) -> int:
        if event["requestContext"]["http"]["method"] != "POST":
            return 405
        headers = event["headers"]
        return handle_webhook(IntakeDependencies(self, self, self, self.telemetry), body_of(event), headers)

    def printed(self) -> list[str] | str:
        """Return what was queued, or why nothing was."""
        for _, fields in self.telemetry.lines:
            if fields.get("rule"):
                return str(fields["rule"])
            if fields.get("fault"):
                return str(fields["fault"]).split(":")[0]
        return [_kind(message) for message in self.queued]


def _kind(message: Message) -> str:
    match message:
        case LabelsObserved():
            return f"labels {message.categorizations['aws_rek_tagging'].status}"
        case TagsEdited():
            return "person"
    return type(message).__name__


def load(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_bytes())
    return event


def body_of(event: dict[str, Any]) -> bytes:
    text: str = event["body"]
    return base64.b64decode(text, validate=True) if event["isBase64Encoded"] else text.encode()


def test_every_webhook_event_is_known_here() -> None:
    assert {path.stem.removeprefix("webhook-") for path in ALL if path.stem.startswith("webhook-")} == set(WEBHOOK)


@pytest.mark.parametrize("name", WEBHOOK)
def test_a_webhook_event_is_answered_as_its_name_says(name: str) -> None:
    webhook = SignedWebhook(int(DOCUMENTED_TIMESTAMP))

    status = webhook.answer(load(f"webhook-{name}"))

    assert (status, webhook.printed()) == WEBHOOK[name]


@pytest.mark.parametrize("name", WEBHOOK)
def test_signed_for_now_it_is_answered_the_same(name: str) -> None:
    later = int(DOCUMENTED_TIMESTAMP) + 10_000_000
    webhook = SignedWebhook(later)

    status = webhook.answer(sign_for_now(load(f"webhook-{name}"), later))

    assert (status, webhook.printed()) == WEBHOOK[name]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_an_event_is_for_the_function_that_its_name_begins_with(path: Path) -> None:
    assert function_for(load(path.stem)).lower() == path.stem.split("-")[0]


@pytest.mark.parametrize("name", [name for name in WEBHOOK if name != "get"])
def test_the_body_of_each_event_is_there_as_a_file(name: str) -> None:
    bodies = {path.read_bytes() for path in (EVENTS / "bodies").iterdir()}

    assert body_of(load(f"webhook-{name}")) in bodies


@pytest.mark.parametrize("path", URLS, ids=lambda path: path.stem)
def test_url_events_have_the_shape_of_payload_format_2(path: Path) -> None:
    event = load(path.stem)

    assert (event["version"], event["routeKey"]) == ("2.0", "$default")
    assert all(name == name.lower() for name in event["headers"])
    assert event["requestContext"]["domainName"] == event["headers"]["host"]


@pytest.mark.parametrize(
    "name, queue", [("worker-queue", "autotag-queue"), ("worker-bulk-queue", "autotag-bulk-queue")]
)
def test_worker_events_are_batches_in_the_queues_own_format(name: str, queue: str) -> None:
    records = load(name)["Records"]

    assert len({subject_of(decode(record["body"]))["digest"] for record in records}) == 2
    for record in records:
        assert record["eventSourceARN"] == f"arn:aws:sqs:us-east-1:000000000000:{queue}"
        assert record["md5OfBody"] == hashlib.md5(record["body"].encode(), usedforsecurity=False).hexdigest()


def test_ops_events_ask_what_the_ops_function_answers() -> None:
    call = [msgspec.json.decode(body_of(load(name)), type=Request) for name in ("ops-show", "ops-audits")]

    assert call == [Show("zoo/koala5"), ListAudits("zoo/koala5", 20)]


def test_the_list_of_events_is_complete() -> None:
    listed = (EVENTS / "README.md").read_text("utf-8")
    found = [path.relative_to(EVENTS) for path in EVENTS.rglob("*") if path.is_file()]
    files = [path for path in found if path != Path("README.md") and "__pycache__" not in path.parts]

    assert [str(path) for path in files if f"`{path}`" not in listed] == []
