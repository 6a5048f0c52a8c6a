"""A stack without a public endpoint: notifications wait in a poll channel, and none is lost if its reader is killed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.clients.cloudinary import image_details, upload
from local.clients.functions import public_urls
from local.clients.simulator_control import is_polled, times_applied
from local.core.waiting import until
from local.stack.run_folders import new_run_folder
from local.stack.stack import Stack, temporary_stack
from local.stress.process_kills import function_processes, kill
from tests.e2e.stack_client import SOON, audits, simulator_control, tag_calls, wait_for_audits, wait_until_drained

GUITARIST = {"People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"}
VISIBILITY = 60
"""Seconds after which a message that was not acknowledged is visible again."""


@pytest.fixture(scope="module")
def poll_folder() -> Path:
    return new_run_folder("test-poll")


@pytest.fixture(scope="module")
def polled_stack(request: pytest.FixtureRequest, poll_folder: Path) -> Iterator[Stack]:
    """A stack of its own, since the template has no webhook then."""
    failed = lambda: bool(request.session.testsfailed)  # noqa: E731
    with temporary_stack(poll_folder, print, parameters={"Intake": "poll"}, keep_logs=failed) as stack:
        yield stack


def start_fetching(stack: Stack) -> None:
    """Start the intake function, as its schedule does, and wait until it polls for messages."""
    client, event = stack.client("lambda"), json.dumps({"source": "aws.events"}).encode()

    def polls() -> bool:
        if is_polled(stack):
            return True
        client.invoke(FunctionName=stack.outputs["IntakeFunctionName"], InvocationType="Event", Payload=event)
        return False

    until(polls, "the intake function to wait for messages", within=SOON, every=3)


def uploads_in_channel(stack: Stack) -> list[str]:
    """Return the public_ids of the uploads in the channel, which also has notifications of the service's own writes."""
    bodies = [json.loads(message["body"]) for message in simulator_control(stack, "GET", "messages")["messages"]]
    return [body["public_id"] for body in bodies if body["notification_type"] == "upload"]


def end_visibility_timeout(stack: Stack) -> None:
    """Move the clock, so that messages that were received become visible again."""
    offset = simulator_control(stack, "GET", "clock")["offset"]
    simulator_control(stack, "PUT", "clock", json={"offset": offset + VISIBILITY + 1})


def test_nothing_of_the_stack_can_be_called_by_everybody(polled_stack: Stack) -> None:
    assert public_urls(polled_stack) == [] and "WebhookUrl" not in polled_stack.outputs


def test_killed_between_queueing_and_acknowledging_nothing_is_lost_and_nothing_doubled(
    polled_stack: Stack, poll_folder: Path
) -> None:
    public_id = "e2e/polled/guitarist"
    fault = {"match": {"path": "*/messages/ack", "count": 1}, "fault": {"delay": 30.0}}
    number = simulator_control(polled_stack, "POST", "faults", json=fault)["id"]
    start_fetching(polled_stack)
    upload(polled_stack.simulator_url, public_id, tags="press")
    until(
        lambda: times_applied(polled_stack, number),
        "the message to be queued and its acknowledgement on its way",
        within=SOON,
    )
    assert sum(map(kill, function_processes(poll_folder, "Intake"))) >= 1
    (first,) = wait_for_audits(polled_stack, public_id)
    assert uploads_in_channel(polled_stack) == [public_id]  # it was never acknowledged, so it comes again

    end_visibility_timeout(polled_stack)
    start_fetching(polled_stack)
    until(lambda: uploads_in_channel(polled_stack) == [], "the message to be acknowledged", within=SOON)
    wait_until_drained(polled_stack)
    assert [audit["audit_id"] for audit in audits(polled_stack, public_id)] == [first["audit_id"]]
    assert len(tag_calls(polled_stack, public_id)) == 1
    assert set(image_details(polled_stack.simulator_url, public_id)["tags"]) == GUITARIST | {"press"}


def test_what_is_not_authentic_stays_in_the_channel_and_keeps_nothing_else_there(polled_stack: Stack) -> None:
    fault = {"match": {"public_id": "e2e/polled/forged"}, "fault": {"wrong_signature": True}}
    simulator_control(polled_stack, "POST", "delivery_faults", json=fault)
    start_fetching(polled_stack)
    upload(polled_stack.simulator_url, "e2e/polled/forged")
    upload(polled_stack.simulator_url, "e2e/polled/beside/guitarist")
    wait_for_audits(polled_stack, "e2e/polled/beside/guitarist")

    until(
        lambda: uploads_in_channel(polled_stack) == ["e2e/polled/forged"],
        "all but the forgery to be acknowledged",
        within=SOON,
    )
    assert audits(polled_stack, "e2e/polled/forged") == []


def test_what_comes_while_nobody_fetches_is_fetched_by_the_next(polled_stack: Stack, poll_folder: Path) -> None:
    start_fetching(polled_stack)
    assert sum(map(kill, function_processes(poll_folder, "Intake"))) >= 1
    until(lambda: not is_polled(polled_stack), "the killed function to poll no more", within=SOON)
    upload(polled_stack.simulator_url, "e2e/polled/later/guitarist")
    start_fetching(polled_stack)

    assert [audit["outcome"] for audit in wait_for_audits(polled_stack, "e2e/polled/later/guitarist")] == ["tagged"]
