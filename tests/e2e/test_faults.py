"""Faults for real on the deployed stack: killed processes, poison, broken connections, rotated keys.

The worker is killed first and looked at last: what it left behind is taken over two minutes later. The second secret
is live from the first, too: a function that is running looks for a newer one once a minute at most.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from autotag.domain.errors import Missing
from autotag.domain.message import encode
from autotag.domain.notification import parse
from local.chaos import function_processes, kill
from local.cloud import resource, upload
from local.credentials import NOTIFICATION_KEY, NOTIFICATION_SECRET, SECRET_VALUE
from local.functions import call, log_records
from local.stack import Stack
from local.waiting import until
from tests.e2e.driving import SOON, audits, delivered, drained, ops, post, settled, simulator, tag_calls

GUITARIST = {"People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"}
NOBODY = "http://127.0.0.1:9/nobody"
"""Where a notification goes that a test delivers by itself."""

LEASE = 150.0
"""Seconds within which an intent is taken over whose owner has died: what its invocation had left, and a minute."""

ROTATED = 180.0
"""Seconds within which every process has looked for a newer secret: a minute each, as soon as a request meets it."""

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


def swept(stack: Stack, asset: str, *, within: float, count: int = 1) -> list[dict[str, Any]]:
    """Run the poller every second until an asset has ``count`` audits and no open intent; return its audits."""

    def done() -> list[dict[str, Any]]:
        assert call(stack, "Poller", {"source": "aws.events"}).error is None
        found = audits(stack, asset)
        return found if len(found) >= count and ops(stack).show(asset)["intent"] is None else []

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


@pytest.fixture(scope="module", autouse=True)
def second_secret(stack: Stack) -> Iterator[None]:
    """A second secret that may sign beside the first, put while the functions run."""
    live(stack, {NOTIFICATION_KEY: NOTIFICATION_SECRET, OTHER_KEY: OTHER_SECRET})
    yield
    live(stack, {NOTIFICATION_KEY: NOTIFICATION_SECRET})


def live(stack: Stack, secrets: dict[str, str]) -> None:
    """Put the secret, with these that may sign."""
    value = json.dumps({**SECRET_VALUE, "notification_secrets": secrets})
    stack.client("secretsmanager").put_secret_value(SecretId=stack.outputs["SecretArn"], SecretString=value)


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
    """Whether the intent of an asset was left for later; calls of other assets may be struck first."""
    try:
        asset_id = ops(stack).show(public_id)["asset"]["asset_id"]
    except Missing:
        return False
    return any((r.get("message"), r.get("asset_id")) == ("postponed", asset_id) for r in log_records(stack, "Worker"))


def test_two_workers_on_one_asset_end_as_one_after_the_other_would(stack: Stack) -> None:
    """Its notification comes ten times in parallel, and an overwrite too, while one is at work on it and is held up."""
    public_id = "e2e/crowd/guitarist"
    with fault(stack, delay=1.0, status=503) as number:
        upload(stack.simulator_url, public_id, notification_url=NOBODY)
        body = delivered(stack, public_id)
        post(stack, body)
        until(lambda: struck(stack, number), "the first tag call to be on its way", within=SOON, every=0.02)
        with ThreadPoolExecutor(10) as pool:
            assert {answer.status_code for answer in pool.map(lambda _: post(stack, body), range(10))} == {200}
        upload(stack.simulator_url, public_id)
        merged = until(lambda: version_seen(stack, public_id, body), "the overwrite to be merged", within=SOON)
        assert merged["intent"] is not None and audits(stack, public_id) == []
    # the merge may come between the call and the write that puts the intent off: it is then due with its lease
    newer, older = swept(stack, public_id, within=4 * SOON, count=2)
    drained(stack)

    assert newer["asset"]["version"] > older["asset"]["version"] == json.loads(body)["version"]
    assert len(audits(stack, public_id)) == 2 and tags(stack, public_id) == GUITARIST
    assert 1 <= sum(made["status"] == 200 for made in tag_calls(stack, public_id)) <= 2


def version_seen(stack: Stack, public_id: str, older: bytes) -> dict[str, Any]:
    shown = ops(stack).show(public_id)
    return shown if shown["asset"]["version"] > json.loads(older)["version"] else {}


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


def test_a_rotation_needs_no_restart_with_both_secrets_live_and_then_one_withdrawn(stack: Stack, folder: Path) -> None:
    """Every post but those that are signed with a live secret makes a function look for a newer one, once a minute."""
    numbers = count()

    def status(secret: str) -> int:
        body = json.dumps({"notification_type": "eager", "number": next(numbers)}).encode()
        return post(stack, body, secret=secret).status_code

    def statuses() -> list[int]:
        with ThreadPoolExecutor(4) as pool:  # whatever processes there are
            return list(pool.map(status, [NOTIFICATION_SECRET, OTHER_SECRET, "a guess"] * 3))

    try:
        until(lambda: statuses() == [200, 200, 401] * 3, "both secrets to be live", within=ROTATED, every=1)
        before = set(function_processes(folder, "Webhook"))
        live(stack, {OTHER_KEY: OTHER_SECRET})
        until(lambda: statuses() == [401, 200, 401] * 3, "the old secret to be withdrawn", within=ROTATED, every=1)
        assert before & set(function_processes(folder, "Webhook")), "no process of before is left"
    finally:
        live(stack, {NOTIFICATION_KEY: NOTIFICATION_SECRET})
        for pid in function_processes(folder, "Webhook"):
            kill(pid)  # for the tests to come: new ones read the secret at once
        until(lambda: statuses() == [200, 401, 401] * 3, "the stack to be as it was", within=ROTATED, every=1)
