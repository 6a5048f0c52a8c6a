"""Forged hints on the deployed stack: whoever can have upload parameters signed costs a bounded number of reads."""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from autotag.domain.state.asset_state import AssetState
from local.clients.functions import call
from local.clients.queues import waiting
from local.clients.simulator_control import calls
from local.clients.time_shift import overdue, strike
from local.core.credentials import NOTIFICATION_SECRET
from local.core.loopback_http import http_request
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.ledger import states_of, unfinished
from tests.e2e.stack_client import SOON, simulator

HINTS, LIMIT = 400, 1000
SHARE = LIMIT * 80 // 100 * 25 // 100
"""Reads an hour: a quarter of what the reserve leaves of the account's limit."""


@pytest.fixture
def few_admin_calls(stack: Stack) -> Iterator[None]:
    """An account that allows few Admin calls an hour, at the beginning of an hour that nobody has called in."""
    simulator(stack, "PUT", "settings", json={"admin_limit": LIMIT})
    strike(stack, 0)
    yield
    simulator(stack, "PUT", "settings", json={"admin_limit": 2000})
    strike(stack, 0)


def forged(number: int) -> tuple[bytes, dict[str, str]]:
    """Return a body and headers that a page's signing of upload parameters gives to anybody.

    The text ``name=value`` that is signed is the body and the timestamp behind it.
    """
    timestamp = str(int(time.time()))
    fields = f'"asset_id":"invented{number}","public_id":"p","version":1,"resource_type":"image","type":"upload"'
    body = '{"x":"=","notification_type":"upload",' + fields + "}"
    signature = hashlib.sha1(f"{body}{timestamp}{NOTIFICATION_SECRET}".encode()).hexdigest()  # noqa: S324
    headers = {"Content-Type": "application/json", "X-Cld-Timestamp": timestamp, "X-Cld-Signature": signature}
    return body.encode(), headers


def send(stack: Stack, number: int) -> int:
    body, headers = forged(number)
    return http_request("POST", stack.outputs["WebhookUrl"], data=body, headers=headers).status_code


def invented(stack: Stack) -> list[AssetState]:
    return [state for state in states_of(stack) if state.asset.asset_id.startswith("invented")]


def test_forged_hints_cost_at_most_a_read_each_out_of_their_share_and_leave_nothing_due(
    stack: Stack, few_admin_calls: None
) -> None:
    seen = len(calls(stack, path="*/resources/invented*"))
    with ThreadPoolExecutor(4) as senders:
        assert set(senders.map(lambda number: send(stack, number), range(HINTS))) == {200}
    until(lambda: not waiting(stack), "the hints to be handled", within=4 * SOON, every=0.5)
    first = len(calls(stack, path="*/resources/invented*")) - seen
    assert first <= SHARE

    for hour in range(1, HINTS // SHARE + 2):
        left = [state.asset.asset_id for state in invented(stack) if unfinished(state)]
        if not left:
            break
        strike(stack, hour)
        for asset_id in left:
            overdue(stack, f"ASSET#{asset_id}", part="poll")
        assert not call(stack, "Poller", {"source": "aws.events"}).error

    made = calls(stack, path="*/resources/invented*")[seen:]
    assert len(made) <= HINTS and {each["status"] for each in made} == {404}
    states = invented(stack)
    assert len(states) == HINTS and not any(map(unfinished, states))
