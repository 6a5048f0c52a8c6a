"""When an asset is read: not before it is due, not by two, and not for ever."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import BudgetExhausted, Permanent, Retryable
from autotag.domain.state.asset_state import Poll, due_poll
from autotag.domain.state.due_entry import due_work
from autotag.service.tagging.poll import poll, try_poll
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.tagging.faults.test_meanwhile import MINUTE
from tests.unit.service.tagging.reading.hinted_asset import DAY, hint, sweep_for
from tests.unit.service.tagging.reading.waiting_asset import given_pending

HOUR = 3_600_000


def test_an_upload_whose_labels_are_to_come_waits_for_them_before_the_first_read() -> None:
    fakes = Fakes()
    fakes.clock.step = 0
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)

    assert fakes.store.items["a1"].poll == Poll(START + 60_000, 0, START + DAY * 1000)


@pytest.mark.parametrize(("later", "reads"), [(0, 1), (1, 0)])
def test_an_asset_is_read_from_its_due_time_on(later: int, reads: int) -> None:
    fakes = given_pending()
    state = fakes.store.items["a1"]
    fakes.store.items["a1"] = replace(state, poll=replace(due_poll(fakes.clock.time + later, DAY)))
    try_poll(fakes.deps, "a1", fakes.remaining)
    poll(fakes.deps, "unknown", fakes.remaining)

    assert len(fakes.cloudinary.reads) == reads


def test_an_asset_with_an_open_intent_is_not_read() -> None:
    fakes = given_pending()
    fakes.effects.die_at = (fakes.effects.done + 1, "before")
    with pytest.raises(Died):
        handle(fakes.deps, upload(resource("a1", GUITARIST), START + MINUTE, "d2"), fakes.remaining)
    fakes.effects.die_at = None
    state = fakes.store.items["a1"]
    assert state.intent is not None
    fakes.store.items["a1"] = replace(state, poll=due_poll(fakes.clock.time, DAY))
    poll(fakes.deps, "a1", fakes.remaining)

    assert fakes.cloudinary.reads == []


@pytest.mark.parametrize(
    ("left", "attempts", "next_at"),
    [
        (DAY * 1000, 0, 120_000),
        (DAY * 1000, 3, 960_000),
        (DAY * 1000, 9, HOUR),
        (100_000, 9, 100_000),  # not past the deadline
        (0, 9, HOUR),
        (-1000, 9, HOUR),  # past it, each hour
    ],
)
def test_the_next_read_comes_later_with_each_and_the_last_at_the_deadline(
    left: int, attempts: int, next_at: int
) -> None:
    fakes = given_pending(attempts=attempts)
    state, now = fakes.store.items["a1"], fakes.clock.time
    assert state.poll is not None
    fakes.store.items["a1"] = replace(state, poll=replace(state.poll, deadline_at=now + left))
    fakes.cloudinary.fails = [Retryable("503")]
    try_poll(fakes.deps, "a1", fakes.remaining)

    assert fakes.store.items["a1"].poll == Poll(now + next_at, attempts + 1, now + left)
    assert fakes.telemetry.counts["Retried"] == 1


@pytest.mark.parametrize(("later", "counted"), [(HOUR, 0), (HOUR + 1, 1)])
def test_an_asset_is_past_its_deadline_once_a_whole_longest_delay_went_by_without_a_read(
    later: int, counted: int
) -> None:
    fakes = given_pending(deadline_at=START)
    fakes.clock.time = START + later
    state = fakes.store.items["a1"]
    fakes.store.items["a1"] = replace(state, poll=Poll(START, 0, START))
    fakes.cloudinary.fails = [Retryable("503")]
    try_poll(fakes.deps, "a1", fakes.remaining)

    assert fakes.telemetry.counts.get("PendingPastDeadline", 0) == counted


@pytest.mark.parametrize(("later", "status"), [(-1, "pending"), (0, "timed_out")])
def test_labels_are_waited_for_until_the_deadline(later: int, status: str) -> None:
    fakes = given_pending()
    now = fakes.clock.time
    fakes.store.items["a1"] = replace(fakes.store.items["a1"], poll=Poll(now, 3, now - later))
    poll(fakes.deps, "a1", fakes.remaining)

    assert fakes.store.items["a1"].status == status


def test_a_read_that_the_budget_puts_off_is_no_attempt() -> None:
    fakes = given_pending(attempts=2)
    fakes.limits.left = 0
    with pytest.raises(BudgetExhausted):
        poll(fakes.deps, "a1", fakes.remaining)

    now = fakes.clock.time
    assert fakes.store.items["a1"].poll == Poll(now + 1_800_000, 2, now + DAY * 1000)


@pytest.mark.parametrize("hints", [1, 3])
def test_hints_that_the_budget_puts_off_wait_for_it(hints: int) -> None:
    fakes = Fakes()
    fakes.limits.hints = 0
    for n in range(hints):
        handle(fakes.deps, hint(digest=f"h{n}"), fakes.remaining)

    found = due_work(fakes.store.items["a1"])
    assert found is not None and found[1] >= fakes.clock.time + 1_799_000


def test_polling_ends_at_the_deadline_though_the_reads_show_an_older_version() -> None:
    fakes = given_pending()
    fakes.clock.step = 1
    newer = upload(resource("a1", status="pending", version=200), START + MINUTE, "d2")
    handle(fakes.deps, newer, fakes.remaining)
    sweep_for(fakes, 1.2)
    reads = len(fakes.cloudinary.reads)
    sweep_for(fakes, 1)

    assert due_work(fakes.store.items["a1"]) is None and len(fakes.cloudinary.reads) == reads


def test_a_waiting_asset_that_cloudinary_refuses_to_show_fails_at_its_deadline_and_no_hint_is_counted() -> None:
    fakes = given_pending()
    fakes.clock.step = 1
    fakes.cloudinary.fails = [Permanent("400")] * 500
    sweep_for(fakes, 1.2)

    assert fakes.outcomes() == ["failed"] and "HintsDropped" not in fakes.telemetry.counts
