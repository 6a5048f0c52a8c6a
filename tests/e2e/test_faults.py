"""Faults for real on the deployed stack: killed processes, poison, broken connections, rotated keys.

The worker is killed first and looked at last: what it left behind is taken over two minutes later.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autotag.domain.message import encode
from autotag.domain.notification import parse
from local.chaos import function_processes, kill
from local.cloud import resource, upload
from local.functions import call, log_records
from local.stack import Stack
from local.waiting import until
from tests.e2e.driving import SOON, audits, delivered, drained, ops, settled, simulator

GUITARIST = {"People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"}
NOBODY = "http://127.0.0.1:9/nobody"
"""Where a notification goes that a test delivers by itself."""

LEASE = 150.0
"""Seconds within which an intent is taken over whose owner has died: what its invocation had left, and a minute."""

KILLED = [f"e2e/killed/{n}/guitarist" for n in range(5)]
OTHER_KEY, OTHER_SECRET = "333333333333333", "rotated-test-secret"


def tags(stack: Stack, public_id: str) -> set[str]:
    return set(resource(stack.simulator_url, public_id).get("tags", []))


@contextmanager
def fault(stack: Stack, **how: Any) -> Iterator[int]:
    """Put a fault in the way of tag calls for a block; ``times`` says of how many. Yields its number."""
    times = how.pop("times", None)
    match = {"path": "*/tags", "method": "POST"} | ({"count": times} if times else {})
    number = int(simulator(stack, "POST", "faults", json={"match": match, "fault": how})["id"])
    try:
        yield number
    finally:
        simulator(stack, "DELETE", f"faults/{number}")


def struck(stack: Stack, number: int) -> int:
    """Return how many calls a fault has struck by now."""
    faults = simulator(stack, "GET", "faults")["faults"]
    return next(int(found["struck"]) for found in faults if found["id"] == number)


def swept(stack: Stack, asset: str, *, within: float) -> list[dict[str, Any]]:
    """Run the poller every second until an asset has an audit and no open intent; return its audits."""

    def done() -> list[dict[str, Any]]:
        assert call(stack, "Poller", {"source": "aws.events"}).error is None
        found = audits(stack, asset)
        return found if found and ops(stack).show(asset)["intent"] is None else []

    return until(done, f"the poller to finish {asset}", within=within, every=1)


@pytest.fixture(scope="module")
def quick_queue(stack: Stack) -> Iterator[None]:
    """What a dead worker had received, and what nobody can handle, comes back after seconds instead of minutes."""
    sqs, url = stack.client("sqs"), stack.outputs["QueueUrl"]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "2"})
    yield
    sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


@pytest.fixture(scope="module", autouse=True)
def killed(stack: Stack, folder: Path, quick_queue: None) -> int:
    """Kill every worker in the middle of its batch, with a tag call on its way; return how many there were."""
    with fault(stack, delay=20.0) as number:
        for public_id in KILLED:
            upload(stack.simulator_url, public_id, tags="press")
        until(lambda: struck(stack, number), "a tag call to be on its way", within=SOON, every=0.02)
        return sum(map(kill, function_processes(folder, "Worker")))


def test_a_connection_that_is_reset_is_tried_again_at_once(stack: Stack) -> None:
    with fault(stack, drop=True, times=1) as number:
        upload(stack.simulator_url, "e2e/reset/once/guitarist")
        settled(stack, "e2e/reset/once/guitarist")
        assert struck(stack, number) == 1

    assert tags(stack, "e2e/reset/once/guitarist") == GUITARIST
    assert len(audits(stack, "e2e/reset/once/guitarist")) == 1


@pytest.mark.parametrize("effect", [False, True], ids=["before it took effect", "after it took effect"])
def test_connections_that_keep_being_reset_leave_an_intent_that_the_poller_finishes(stack: Stack, effect: bool) -> None:
    public_id = f"e2e/reset/{effect}/guitarist"
    with fault(stack, drop=True, effect=effect) as number:
        upload(stack.simulator_url, public_id, tags="press")
        until(lambda: struck(stack, number) >= 3, "three tries", within=SOON)
        until(lambda: postponed(stack, public_id), "the intent to be left for later", within=SOON)
    (audit,) = swept(stack, public_id, within=2 * SOON)

    assert tags(stack, public_id) == GUITARIST | {"press"}
    assert (audit["outcome"], audit["trigger"]["kind"]) == ("tagged", "webhook")


def postponed(stack: Stack, public_id: str) -> bool:
    asset_id = ops(stack).show(public_id)["asset"]["asset_id"]
    return any((r.get("message"), r.get("asset_id")) == ("postponed", asset_id) for r in log_records(stack, "Worker"))


def test_a_poison_message_reaches_the_dead_letters_after_its_receives_and_nine_beside_it_are_done(stack: Stack) -> None:
    sqs, url, dead = stack.client("sqs"), stack.outputs["QueueUrl"], stack.outputs["DeadLetterQueueUrl"]
    names = [f"e2e/poison/{n}/guitarist" for n in range(9)]
    bodies = ['{"kind": "poison"}']
    for name in names:
        upload(stack.simulator_url, name, notification_url=NOBODY)
        (message,) = parse(delivered(stack, name), timestamp=0)
        bodies.append(encode(message))
    entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    poison = next(sent["MessageId"] for sent in answer["Successful"] if sent["Id"] == "0")
    for name in names:
        assert [audit["outcome"] for audit in settled(stack, name)] == ["tagged"]
        assert tags(stack, name) == GUITARIST

    policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
    receives = int(json.loads(policy)["maxReceiveCount"])
    letters = until(
        lambda: sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=1).get("Messages", []),
        "the dead letter",
        within=receives * 10,
    )
    assert [letter["Body"] for letter in letters] == ['{"kind": "poison"}']
    sqs.delete_message(QueueUrl=dead, ReceiptHandle=letters[0]["ReceiptHandle"])
    returned = [r for r in log_records(stack, "Worker") if r.get("message") == "returned"]
    assert sum(r["message_id"] == poison for r in returned) == receives


def test_what_killed_workers_left_in_the_middle_of_a_batch_is_done_once(stack: Stack, killed: int) -> None:
    assert killed >= 1
    for public_id in KILLED:
        (audit,) = swept(stack, public_id, within=LEASE)
        assert (audit["outcome"], audit["tags"]["before"]) == ("tagged", ["press"])
        assert tags(stack, public_id) == GUITARIST | {"press"}
    drained(stack)
    assert [len(audits(stack, public_id)) for public_id in KILLED] == [1] * len(KILLED)
