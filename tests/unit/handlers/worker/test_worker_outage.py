"""How long an outage may last before live messages end in the dead-letter queue, by the back-off as deployed."""

import pytest

from tests.infra.sam_transform import read_template
from tests.unit.handlers.worker.worker_batches import Down, Worker, record

HOUR = 3600
LEAST = 0.5
"""The share of a back-off that jitter leaves at least (``SystemClock.spread``)."""


def receives(queue: str) -> int:
    """Return how often a message of a queue is received before it is moved to the dead-letter queue."""
    return int(read_template()["Resources"][queue]["Properties"]["RedrivePolicy"]["maxReceiveCount"])


def waits(count: int, *, left: int) -> list[int]:
    """Return for how many seconds a message is hidden after each of its first ``count`` receives, in an outage."""
    worker = Worker()
    worker.fakes.store.before_put = Down(None)
    message = worker.given_asset("a1")
    for received in range(1, count + 1):
        assert worker.consume(record("m", message, received=received), left=left) == ["m"]
    return [seconds for *_, seconds in worker.sqs.hidden]


@pytest.mark.parametrize("queue", ["Queue", "BulkQueue"])
@pytest.mark.parametrize("left", [60_000, 5_000], ids=["refused", "no time left after others that hung"])
def test_a_message_outlives_an_outage_of_an_hour(queue: str, left: int) -> None:
    between = waits(receives(queue) - 1, left=left)  # the last receive must still find everything up again
    assert sum(between) * LEAST >= HOUR


@pytest.mark.parametrize("queue", ["Queue", "BulkQueue"])
def test_what_nobody_can_handle_is_a_dead_letter_within_two_hours(queue: str) -> None:
    hidden = read_template()["Resources"][queue]["Properties"]["VisibilityTimeout"]
    assert receives(queue) * hidden <= 2 * HOUR
