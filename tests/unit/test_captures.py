"""Payloads in the shapes that Cloudinary was seen to send are read as they were meant, wherever they are read."""

import json
from typing import Any

import pytest

from autotag.domain.model.messages import AssetDeleted, LabelsObserved
from autotag.domain.notifications.parse import parse
from tests.unit.captures import ANSWERS, CAPTURES, FOLDER, Capture
from tests.unit.handlers.webhook.webhook_requests import NOW, Webhook

each = pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture.name)
each_answer = pytest.mark.parametrize("capture", ANSWERS, ids=lambda capture: capture.name)


def posted(body: bytes) -> dict[str, Any]:
    """Return how the webhook answers a signed body, with the words of its log, and how much it queues."""
    webhook = Webhook()
    status = webhook.post(body)
    ((word, fields),) = webhook.telemetry.lines
    found = {"status": status, "word": word, "field": fields.get("field", ""), "queued": len(webhook.queue.messages)}
    return found


def expected(table: dict[str, Any]) -> dict[str, Any]:
    return {"field": "", "queued": int(table["word"] == "accepted"), **table}


def test_every_payload_has_a_reading_and_every_reading_a_payload() -> None:
    names = {path.name.partition(".")[0] for path in FOLDER.iterdir()}
    assert {capture.name for capture in CAPTURES} == names and len(names) == 15


@each
def test_the_webhook_answers_a_payload_as_it_was_meant(capture: Capture) -> None:
    assert posted(capture.body) == expected(capture.reading["webhook"])


@each_answer
def test_the_webhook_takes_an_answer_that_comes_as_a_notification(capture: Capture) -> None:
    assert posted(capture.as_notification()) == expected(capture.reading["as_notification"])


@each
def test_no_payload_ends_in_an_error_of_the_server(capture: Capture) -> None:
    for body in (capture.body, capture.as_notification()):
        assert posted(body)["status"] < 500


@each
def test_the_parser_reads_what_was_meant(capture: Capture) -> None:
    reading = capture.reading
    body = capture.as_notification()
    if "asset" in reading and "asset_id" not in capture.document:
        body = json.dumps({"asset_id": "a1"} | json.loads(body)).encode()
    messages = parse(body, timestamp=NOW)

    labelled = [message for message in messages if isinstance(message, LabelsObserved)]
    assert [shown(message) for message in labelled] == ([meant(reading)] if "asset" in reading else [])
    deleted = [message.asset.public_id for message in messages if isinstance(message, AssetDeleted)]
    assert deleted == reading.get("deleted", [])
    assert len(messages) == len(labelled) + len(deleted)


def meant(reading: dict[str, Any]) -> dict[str, Any]:
    labels = {provider: {"labels": [], "error": "", **found} for provider, found in reading.get("labels", {}).items()}
    return {"asset": reading["asset"], "facts": reading.get("facts"), "labels": labels}


def shown(message: LabelsObserved) -> dict[str, Any]:
    asset, facts = message.asset, message.facts
    return {
        "asset": {field: getattr(asset, field) for field in ("public_id", "resource_type", "type", "version")},
        "facts": facts and {"folder": facts.folder, "format": facts.format, "tags": list(facts.tags)},
        "labels": {
            provider: {
                "status": found.status,
                "labels": [[label.name, label.confidence] for label in found.labels],
                "error": found.error,
            }
            for provider, found in message.categorizations.items()
        },
    }
