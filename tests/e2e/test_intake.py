"""A stack without a public endpoint: notifications wait in a poll channel; killing whoever fetches them loses none."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.clients.cloudinary import is_polled, resource, upload
from local.core.waiting import until
from local.demo.forgery import public_urls
from local.stack.run_folders import new_run_folder
from local.stack.stack import Stack, temporary_stack
from local.stress.process_kills import function_processes, kill
from tests.e2e.stack_client import SOON, audits, drained, settled, simulator, tag_calls

GUITARIST = {"People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"}
VISIBILITY = 60
"""Seconds after which a message that was not acknowledged is given out again."""


@pytest.fixture(scope="module")
def poll_folder() -> Path:
    return new_run_folder("test-poll")


@pytest.fixture(scope="module")
def polled(request: pytest.FixtureRequest, poll_folder: Path) -> Iterator[Stack]:
    """A stack of its own, since the template has no webhook then."""
    failed = lambda: bool(request.session.testsfailed)  # noqa: E731
    with temporary_stack(poll_folder, print, parameters={"Intake": "poll"}, keep_logs=failed) as stack:
        yield stack


def fetching(stack: Stack) -> None:
    """Start the intake function, as its schedule does, and wait until somebody asks for messages."""
    client, event = stack.client("lambda"), json.dumps({"source": "aws.events"}).encode()

    def asked() -> bool:
        if is_polled(stack.simulator_url):
            return True
        client.invoke(FunctionName=stack.outputs["IntakeFunctionName"], InvocationType="Event", Payload=event)
        return False

    until(asked, "the intake function to wait for messages", within=SOON, every=3)


def waiting(stack: Stack) -> list[str]:
    """Return the public_ids of uploads that are told in the channel; what we wrote ourselves is told there, too."""
    bodies = [json.loads(message["body"]) for message in simulator(stack, "GET", "messages")["messages"]]
    return [body["public_id"] for body in bodies if body["notification_type"] == "upload"]


def time_passes(stack: Stack) -> None:
    """Let the time go by in which a message that was given out is nobody else's."""
    offset = simulator(stack, "GET", "clock")["offset"]
    simulator(stack, "PUT", "clock", json={"offset": offset + VISIBILITY + 1})


def test_nothing_of_the_stack_can_be_called_by_everybody(polled: Stack) -> None:
    assert public_urls(polled) == [] and "WebhookUrl" not in polled.outputs


def test_killed_between_queueing_and_acknowledging_nothing_is_lost_and_nothing_doubled(
    polled: Stack, poll_folder: Path
) -> None:
    public_id = "e2e/polled/guitarist"
    fault = {"match": {"path": "*/messages/ack", "count": 1}, "fault": {"delay": 30.0}}
    number = simulator(polled, "POST", "faults", json=fault)["id"]
    fetching(polled)
    upload(polled.simulator_url, public_id, tags="press")
    until(lambda: struck(polled, number), "the message to be queued and its acknowledgement on its way", within=SOON)
    assert sum(map(kill, function_processes(poll_folder, "Intake"))) >= 1
    (first,) = settled(polled, public_id)
    assert waiting(polled) == [public_id]  # it was never acknowledged, so it comes again

    time_passes(polled)
    fetching(polled)
    until(lambda: waiting(polled) == [], "the message to be acknowledged", within=SOON)
    drained(polled)
    assert [audit["audit_id"] for audit in audits(polled, public_id)] == [first["audit_id"]]
    assert len(tag_calls(polled, public_id)) == 1
    assert set(resource(polled.simulator_url, public_id)["tags"]) == GUITARIST | {"press"}


def struck(stack: Stack, number: int) -> int:
    return next(int(found["struck"]) for found in simulator(stack, "GET", "faults")["faults"] if found["id"] == number)


def test_what_is_not_authentic_stays_in_the_channel_and_keeps_nothing_else_there(polled: Stack) -> None:
    fault = {"match": {"public_id": "e2e/polled/forged"}, "fault": {"wrong_signature": True}}
    simulator(polled, "POST", "delivery_faults", json=fault)
    fetching(polled)
    upload(polled.simulator_url, "e2e/polled/forged")
    upload(polled.simulator_url, "e2e/polled/beside/guitarist")
    settled(polled, "e2e/polled/beside/guitarist")

    until(lambda: waiting(polled) == ["e2e/polled/forged"], "all but the forgery to be acknowledged", within=SOON)
    assert audits(polled, "e2e/polled/forged") == []


def test_what_comes_while_nobody_fetches_is_fetched_by_the_next(polled: Stack, poll_folder: Path) -> None:
    fetching(polled)
    assert sum(map(kill, function_processes(poll_folder, "Intake"))) >= 1
    until(lambda: not is_polled(polled.simulator_url), "nobody to be there any more", within=SOON)
    upload(polled.simulator_url, "e2e/polled/later/guitarist")
    fetching(polled)

    assert [audit["outcome"] for audit in settled(polled, "e2e/polled/later/guitarist")] == ["tagged"]
