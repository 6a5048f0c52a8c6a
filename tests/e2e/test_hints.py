"""Forged hints on the deployed stack: a caller that has upload parameters signed costs a bounded number of reads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from autotag.domain.state.asset_state import AssetState
from local.clients.functions import invoke_function
from local.clients.queues import message_count, short_visibility_timeout
from local.clients.simulator_control import recorded_calls
from local.clients.tables import asset_states, is_unfinished
from local.clients.time_shift import make_asset_due, start_hour
from local.core.credentials import NOTIFICATION_SECRET
from local.core.loopback_http import http_request
from local.core.notification_signing import signed_headers
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.stack_client import SOON, simulator_control

HINTS, LIMIT = 400, 1000
SHARE = LIMIT * 80 // 100 * 25 // 100
"""Reads an hour: a quarter of what the reserve leaves of the account's limit."""
WORKER_SECONDS = 60
"""The longest that a worker may take: a message is hidden for no less."""


@pytest.fixture
def few_admin_calls(stack: Stack) -> Iterator[None]:
    """An account that allows few Admin calls an hour, at the beginning of an unused hour.

    A message that failed once comes back after seconds instead of minutes.
    """
    simulator_control(stack, "PUT", "settings", json={"admin_limit": LIMIT})
    start_hour(stack, 0)
    with short_visibility_timeout(stack, WORKER_SECONDS):
        yield
    simulator_control(stack, "PUT", "settings", json={"admin_limit": 2000})
    start_hour(stack, 0)


def forged(number: int) -> tuple[bytes, dict[str, str]]:
    """Return a body and headers that the signing of upload parameters in a web page makes possible.

    The text ``name=value`` that is signed is the body and the timestamp behind it.
    """
    fields = f'"asset_id":"invented{number}","public_id":"p","version":1,"resource_type":"image","type":"upload"'
    body = '{"x":"=","notification_type":"upload",' + fields + "}"
    return body.encode(), signed_headers(body.encode(), NOTIFICATION_SECRET)


def send(stack: Stack, number: int) -> int:
    body, headers = forged(number)
    return http_request("POST", stack.outputs["WebhookUrl"], data=body, headers=headers).status_code


def invented(stack: Stack) -> list[AssetState]:
    return [state for state in asset_states(stack) if state.asset.asset_id.startswith("invented")]


def test_forged_hints_cost_at_most_a_read_each_out_of_their_share_and_leave_nothing_due(
    stack: Stack, few_admin_calls: None
) -> None:
    seen = len(recorded_calls(stack, path="*/resources/invented*"))
    with ThreadPoolExecutor(4) as senders:
        assert set(senders.map(lambda number: send(stack, number), range(HINTS))) == {200}
    until(lambda: not message_count(stack), "the hints to be handled", within=4 * SOON, every=0.5)
    first = len(recorded_calls(stack, path="*/resources/invented*")) - seen
    assert first <= SHARE

    for hour in range(1, HINTS // SHARE + 2):
        left = [state.asset.asset_id for state in invented(stack) if is_unfinished(state)]
        if not left:
            break
        start_hour(stack, hour)
        for asset_id in left:
            make_asset_due(stack, asset_id, "poll")
        assert not invoke_function(stack, "Poller", {"source": "aws.events"}).error

    made = recorded_calls(stack, path="*/resources/invented*")[seen:]
    assert len(made) <= HINTS and {each["status"] for each in made} == {404}
    states = invented(stack)
    assert len(states) == HINTS and not any(map(is_unfinished, states))
