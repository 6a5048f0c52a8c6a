"""The hand-over of due work: all of it reaches the workers, the queue is never flooded, and nothing is lost."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.service.context import Remaining
from autotag.service.tagging.hand_over import MOST, hand_over
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute, work
from tests.fakes.runtime import in_turn
from tests.unit.service.settle import check
from tests.unit.service.tagging.due_work.left_intents import leave_intents, leave_polls

DOWN = Retryable("SQS: InternalError")


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


def poller(fakes: Fakes, remaining: Remaining = lambda: 10.0) -> list[str]:
    """Let the poller hand work over; return the assets that it sent, in their order."""
    before = len(fakes.due_queue.messages)
    hand_over(fakes.deps, fakes.due_queue, in_turn, remaining)
    return [message.asset_id for message in fakes.due_queue.messages[before:]]


def numbers(asset_ids: Sequence[str]) -> list[int]:
    return [int(asset_id.removeprefix("intent")) for asset_id in asset_ids]


def test_what_is_due_goes_to_the_workers_and_the_poller_calls_nothing(fakes: Fakes) -> None:
    leave_intents(fakes, 25)
    before = fakes.store.items.copy()
    assert numbers(poller(fakes)) == list(range(25))  # the oldest first
    assert fakes.store.items == before and fakes.cloudinary.calls == []
    work(fakes)
    assert fakes.outcomes() == ["tagged"] * 25
    check(fakes)


def test_a_minute_hands_over_thousands(fakes: Fakes) -> None:
    leave_intents(fakes, MOST + 500)
    fakes.clock.advance(3600)
    assert len(set(poller(fakes))) > MOST * 0.95 and MOST >= 5_000  # partitions are not of one size


def test_nothing_is_asked_and_measured_where_nothing_is_due(fakes: Fakes) -> None:
    leave_polls(fakes, 1)
    fakes.due_queue.fails = AssertionError("nothing is sent")
    assert poller(fakes) == [] and fakes.telemetry.measured == {}


def test_an_intent_whose_owner_may_be_alive_is_not_sent(fakes: Fakes) -> None:
    leave_intents(fakes, 1)
    fakes.clock.advance(-120)
    assert poller(fakes) == []


def test_as_much_is_sent_as_there_is_room_in_the_queue(fakes: Fakes) -> None:
    leave_intents(fakes, 100)
    fakes.clock.advance(3600)
    fakes.due_queue.others = MOST - 30
    assert numbers(poller(fakes)) == list(range(30))
    assert poller(fakes) == []  # now it is full


def test_a_queue_whose_workers_are_stopped_fills_up_once(fakes: Fakes) -> None:
    leave_intents(fakes, 100)
    fakes.due_queue.others = MOST - 500
    for _ in range(6 * 60):
        fakes.clock.advance(60)
        poller(fakes)
    assert len(fakes.due_queue.messages) <= 500 + 100 * 2  # and what was new, however full it was
    work(fakes)
    assert fakes.outcomes() == ["tagged"] * 100
    check(fakes)


def test_new_work_is_sent_however_much_waits_and_takes_its_turn(fakes: Fakes) -> None:
    leave_intents(fakes, 3)
    fakes.due_queue.others = MOST * 10
    assert len(poller(fakes)) == 3
    fakes.clock.advance(120)
    assert poller(fakes) == []


def test_a_message_that_is_lost_is_sent_again(fakes: Fakes) -> None:
    leave_intents(fakes, 5)
    poller(fakes)
    fakes.due_queue.messages.clear()  # purged, or older than what the queue keeps
    fakes.clock.advance(60)
    assert len(poller(fakes)) == 5


def test_what_was_done_is_not_sent_again(fakes: Fakes) -> None:
    leave_intents(fakes, 5)
    poller(fakes)
    fakes.due_queue.messages[:] = fakes.due_queue.messages[:3]
    work(fakes)
    fakes.clock.advance(60)
    assert numbers(poller(fakes)) == [3, 4]


def test_a_queue_that_fails_keeps_no_read_waiting_and_loses_nothing(fakes: Fakes) -> None:
    leave_intents(fakes, 3)
    leave_polls(fakes, 2)
    fakes.due_queue.fails = DOWN
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged"] * 2 and fakes.telemetry.counts["Retried"] == 1
    fakes.due_queue.fails = None
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged"] * 5


def test_what_was_sent_before_the_queue_failed_was_sent(fakes: Fakes) -> None:
    leave_intents(fakes, 400)

    class Failing:
        calls = 0

        def waiting(self) -> int:
            return 0

        def send(self, asset_ids: Sequence[str]) -> None:
            self.calls += 1
            if self.calls > 20:
                raise DOWN
            fakes.due_queue.send(asset_ids)

    hand_over(fakes.deps, Failing(), in_turn, lambda: 10.0)
    (line,) = [fields for event, fields in fakes.telemetry.lines if event == "due_not_handed_over"]
    assert line == {"due": 400, "sent": 160, "fault": str(DOWN)} and len(fakes.due_queue.messages) == 200


def test_it_stops_where_its_share_of_the_minute_ends(fakes: Fakes) -> None:
    leave_intents(fakes, 1000)
    left = iter([10.0, 5.0, 0.0])
    assert len(poller(fakes, lambda: next(left))) == 320
    assert poller(fakes, lambda: -30.0) == []


def test_the_age_of_the_oldest_due_work_is_measured_every_minute_whatever_becomes_of_it(fakes: Fakes) -> None:
    leave_intents(fakes, 3)
    leave_polls(fakes, 3)
    fakes.clock.advance(600)
    oldest = {kind: min(due) for kind, due in _due(fakes).items()}
    fakes.due_queue.fails = DOWN
    fakes.limits.left = 0
    a_minute(fakes)
    now = fakes.clock.time
    assert fakes.telemetry.measured.keys() == {"DueIntentAge", "DuePollAge"}
    for kind, metric in (("intent", "DueIntentAge"), ("poll", "DuePollAge")):
        (seconds,) = fakes.telemetry.measured[metric]
        assert seconds == pytest.approx((now - oldest[kind]) / 1000, abs=1) and seconds > 600


def _due(fakes: Fakes) -> dict[str, list[int]]:
    states = fakes.store.items.values()
    return {
        "intent": [state.intent.due_at for state in states if state.intent],
        "poll": [state.poll.due_at for state in states if state.poll],
    }


def test_a_hint_is_no_overdue_read(fakes: Fakes) -> None:
    leave_polls(fakes, 1)
    state = fakes.store.items["poll0"]
    assert state.poll is not None
    fakes.store.items["poll0"] = replace(state, poll=replace(state.poll, hint=True))
    a_minute(fakes)
    assert fakes.telemetry.measured == {}
