"""A consumer of the events, deployed beside the real stack: it gets what the schemas promise."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from local.clients.cloudinary import upload
from local.core.paths import PROJECT
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.events.consumer_stack import Consumer, deployed_consumer
from tests.e2e.stack_client import SOON, wait_for_audits
from tests.unit.docs.events.event_samples import samples
from tests.unit.docs.events.expected_matches import MATCHES

EVENTS = PROJECT / "docs" / "events"


@pytest.fixture(scope="module")
def consumer(stack: Stack, folder: Path) -> Iterator[Consumer]:
    with deployed_consumer(stack, folder) as deployed:
        yield deployed


def received(consumer: Consumer, audit_id: str) -> list[dict[str, Any]]:
    return [event for event in consumer.received() if event["detail"]["audit_id"] == audit_id]


def test_a_consumer_receives_the_event_of_an_upload_once_it_is_tagged_and_as_the_schema_says(
    stack: Stack, consumer: Consumer
) -> None:
    upload(stack.simulator_url, "e2e/consumed/guitarist", tags="press")
    (audit,) = wait_for_audits(stack, "e2e/consumed/guitarist")

    (event,) = until(lambda: received(consumer, audit["audit_id"]), "the consumer to receive the event", within=SOON)

    schema = json.loads((EVENTS / "schemas" / "v1" / "asset-tagged.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(event)
    assert event["detail"] == {name: audit[name] for name in event["detail"]}  # the answer also names the cloud
    assert "Guitar" in event["detail"]["tags"]["added"]


def test_a_consumer_is_not_called_for_events_that_its_rule_leaves_out(stack: Stack, consumer: Consumer) -> None:
    upload(stack.simulator_url, "e2e/consumed/plain", categorization="")
    (skipped,) = wait_for_audits(stack, "e2e/consumed/plain")
    upload(stack.simulator_url, "e2e/consumed/later/guitarist")
    (later,) = wait_for_audits(stack, "e2e/consumed/later/guitarist")

    until(lambda: received(consumer, later["audit_id"]), "the event after it", within=SOON)

    assert skipped["outcome"] == "skipped" and received(consumer, skipped["audit_id"]) == []


def test_an_event_that_a_consumer_fails_on_ends_in_its_dead_letter_queue(stack: Stack, consumer: Consumer) -> None:
    """The emulator's rules call a function once, so this calls it as AWS's rules do: asynchronously."""
    event = {"source": "autotag", "detail-type": "Asset Tagged", "detail": {"broken": True}}
    name = consumer.outputs["ConsumerFunctionName"]
    stack.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(event).encode())

    (letter,) = until(consumer.dead_letters, "the event in the dead-letter queue", within=SOON)

    assert letter["requestPayload"] == event and "audit_id" in json.dumps(letter["responsePayload"])


@pytest.mark.parametrize("rule", MATCHES)
def test_event_bridge_matches_a_sample_rule_with_the_samples_that_it_is_for(stack: Stack, rule: str) -> None:
    pattern = (EVENTS / "rules" / f"{rule}.json").read_text("utf-8")
    client = stack.client("events")
    matched = {
        name
        for name, event in samples().items()
        if client.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"]
    }
    assert matched == MATCHES[rule]
