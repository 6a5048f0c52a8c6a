"""Faults for real on the deployed stack: killed processes, poison, broken connections, rotated keys.

Workers are killed first and looked at last: what they left behind is taken over two minutes later. The second secret
is live from the first, too: a function that is running looks for a newer one once a minute at most.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from autotag.domain.errors import Missing
from autotag.domain.model.messages import encode
from autotag.domain.notifications.parse import parse
from local.clients.cloudinary import image_details, upload
from local.clients.functions import log_records
from local.clients.simulator_control import times_applied
from local.core.credentials import NOTIFICATION_KEY, NOTIFICATION_SECRET, SECRET_VALUE
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.process_kills import function_processes, kill
from tests.e2e.faults.injected_faults import (
    kill_with_a_call_on_its_way,
    sweep_until_audited,
    tag_call_fault,
    visibility_timeout,
)
from tests.e2e.stack_client import (
    SOON,
    audits,
    delivered_body,
    ops,
    post,
    tag_calls,
    wait_for_audits,
    wait_until_drained,
)

GUITARIST = {"People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"}
UNREACHABLE = "http://127.0.0.1:9/nobody"
"""The URL of notifications that a test delivers by itself."""

LEASE = 150.0
"""Seconds within which the intent of a killed process is taken over: the rest of its invocation, and a minute."""

ROTATED = 180.0
"""Seconds within which every process has looked for a newer secret: a minute each, as soon as a request meets it."""

HIDDEN = 130
"""Seconds for which a message of the first killed worker stays hidden: longer than its intent has an owner."""

HELD = "e2e/held/guitarist"
KILLED = [f"e2e/killed/{n}/guitarist" for n in range(5)]
OTHER_KEY, OTHER_SECRET = "333333333333333", "rotated-test-secret"


def tags(stack: Stack, public_id: str) -> set[str]:
    return set(image_details(stack.simulator_url, public_id).get("tags", []))


@pytest.fixture(scope="module", autouse=True)
def held(stack: Stack, folder: Path) -> dict[str, Any]:
    """What is stored of an asset whose worker was killed after its claim; its message comes again once it is due."""
    with visibility_timeout(stack, HIDDEN):
        assert kill_with_a_call_on_its_way(stack, folder, [HELD]) >= 1
    return ops(stack).show(HELD, raw=True)


@pytest.fixture(scope="module")
def short_visibility_timeout(stack: Stack, held: dict[str, Any]) -> Iterator[None]:
    """Messages of a killed worker, and poison messages, come back after seconds instead of minutes."""
    with visibility_timeout(stack, 2):
        yield


@pytest.fixture(scope="module", autouse=True)
def killed_workers(stack: Stack, folder: Path, short_visibility_timeout: None) -> int:
    """Kill every worker in the middle of its batch, with a tag call on its way; return how many there were."""
    return kill_with_a_call_on_its_way(stack, folder, KILLED)


@pytest.fixture(scope="module", autouse=True)
def second_secret(stack: Stack) -> Iterator[None]:
    """A second secret that may sign beside the first, put while the functions run."""
    put_secrets(stack, {NOTIFICATION_KEY: NOTIFICATION_SECRET, OTHER_KEY: OTHER_SECRET})
    yield
    put_secrets(stack, {NOTIFICATION_KEY: NOTIFICATION_SECRET})


def put_secrets(stack: Stack, secrets: dict[str, str]) -> None:
    """Store the stack's secret with these notification secrets."""
    value = json.dumps({**SECRET_VALUE, "notification_secrets": secrets})
    stack.client("secretsmanager").put_secret_value(SecretId=stack.outputs["SecretArn"], SecretString=value)


def test_a_connection_that_is_reset_is_tried_again_at_once(stack: Stack) -> None:
    with tag_call_fault(stack, drop=True, times=1) as number:
        upload(stack.simulator_url, "e2e/reset/once/guitarist")
        wait_for_audits(stack, "e2e/reset/once/guitarist")
        assert times_applied(stack, number) == 1

    assert tags(stack, "e2e/reset/once/guitarist") == GUITARIST
    assert len(audits(stack, "e2e/reset/once/guitarist")) == 1


@pytest.mark.parametrize("effect", [False, True], ids=["before it took effect", "after it took effect"])
def test_connections_that_keep_being_reset_leave_an_intent_that_the_poller_finishes(stack: Stack, effect: bool) -> None:
    public_id = f"e2e/reset/{effect}/guitarist"
    with tag_call_fault(stack, drop=True, effect=effect) as number:
        upload(stack.simulator_url, public_id, tags="press")
        until(lambda: times_applied(stack, number) >= 3, "three tries", within=SOON)
        until(lambda: is_postponed(stack, public_id), "the intent to be left for later", within=SOON)
    (audit,) = sweep_until_audited(stack, public_id, within=2 * SOON)

    assert tags(stack, public_id) == GUITARIST | {"press"}
    assert (audit["outcome"], audit["trigger"]["kind"]) == ("tagged", "webhook")


def is_postponed(stack: Stack, public_id: str) -> bool:
    """Whether the intent of an asset was left for later; calls of other assets may be struck first."""
    try:
        asset_id = ops(stack).show(public_id)["asset"]["asset_id"]
    except Missing:
        return False
    return any(
        (r.get("message"), r.get("asset_id")) == ("retry_scheduled", asset_id) for r in log_records(stack, "Worker")
    )


def test_two_workers_on_one_asset_end_as_one_after_the_other_would(stack: Stack) -> None:
    """Its notification comes ten times in parallel, and an overwrite too, while one is at work on it and is held up."""
    public_id = "e2e/crowd/guitarist"
    with tag_call_fault(stack, delay=1.0, status=503) as number:
        upload(stack.simulator_url, public_id, notification_url=UNREACHABLE)
        body = delivered_body(stack, public_id)
        post(stack, body)
        until(lambda: times_applied(stack, number), "the first tag call to be on its way", within=SOON, every=0.02)
        with ThreadPoolExecutor(10) as pool:
            assert {answer.status_code for answer in pool.map(lambda _: post(stack, body), range(10))} == {200}
        upload(stack.simulator_url, public_id)
        merged = until(lambda: newer_version(stack, public_id, body), "the overwrite to be merged", within=SOON)
        assert merged["intent"] is not None and audits(stack, public_id) == []
    newer, older = sweep_until_audited(stack, public_id, within=2 * SOON, count=2)
    wait_until_drained(stack, hidden=1)

    assert newer["asset"]["version"] > older["asset"]["version"] == json.loads(body)["version"]
    assert len(audits(stack, public_id)) == 2 and tags(stack, public_id) == GUITARIST
    assert 1 <= sum(made["status"] == 200 for made in tag_calls(stack, public_id)) <= 2


def newer_version(stack: Stack, public_id: str, older: bytes) -> dict[str, Any]:
    shown = ops(stack).show(public_id)
    return shown if shown["asset"]["version"] > json.loads(older)["version"] else {}


def test_a_poison_message_reaches_the_dead_letters_after_its_receives_and_nine_beside_it_are_done(stack: Stack) -> None:
    sqs, url, dead = stack.client("sqs"), stack.outputs["QueueUrl"], stack.outputs["DeadLetterQueueUrl"]
    names = [f"e2e/poison/{n}/guitarist" for n in range(9)]
    bodies = ['{"kind": "poison"}']
    for name in names:
        upload(stack.simulator_url, name, notification_url=UNREACHABLE)
        (message,) = parse(delivered_body(stack, name), timestamp=0)
        bodies.append(encode(message))
    entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    poison = next(sent["MessageId"] for sent in answer["Successful"] if sent["Id"] == "0")
    for name in names:
        assert [audit["outcome"] for audit in wait_for_audits(stack, name)] == ["tagged"]
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
    returned = [r for r in log_records(stack, "Worker") if r.get("message") == "message_returned"]
    assert sum(r["message_id"] == poison for r in returned) == receives


def test_what_a_killed_worker_claimed_is_done_once_when_its_message_comes_again_without_the_poller(
    stack: Stack, held: dict[str, Any]
) -> None:
    """The poller cannot see it: the claim has no entry in the index of due work."""
    assert held["intent"]["indexed"] is False and held["intent"]["add"]
    until(lambda: audits(stack, HELD), "the message to come again", within=LEASE)
    (audit,) = audits(stack, HELD)
    assert (audit["outcome"], audit["audit_id"]) == ("tagged", held["intent"]["audit_id"])
    assert tags(stack, HELD) == GUITARIST | {"press"}
    assert 1 <= sum(made["status"] == 200 for made in tag_calls(stack, HELD)) <= 2


def test_what_killed_workers_left_in_the_middle_of_a_batch_is_done_once(stack: Stack, killed_workers: int) -> None:
    assert killed_workers >= 1
    for public_id in KILLED:
        (audit,) = sweep_until_audited(stack, public_id, within=LEASE)
        assert (audit["outcome"], audit["tags"]["before"]) == ("tagged", ["press"])
        assert tags(stack, public_id) == GUITARIST | {"press"}
    wait_until_drained(stack)
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
        put_secrets(stack, {OTHER_KEY: OTHER_SECRET})
        until(lambda: statuses() == [401, 200, 401] * 3, "the old secret to be withdrawn", within=ROTATED, every=1)
        assert before & set(function_processes(folder, "Webhook")), "no process of before is left"
    finally:
        put_secrets(stack, {NOTIFICATION_KEY: NOTIFICATION_SECRET})
        for pid in function_processes(folder, "Webhook"):
            kill(pid)  # for the tests to come: new ones read the secret at once
        until(lambda: statuses() == [200, 401, 401] * 3, "the stack to be as it was", within=ROTATED, every=1)
