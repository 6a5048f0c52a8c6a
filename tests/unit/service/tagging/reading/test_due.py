"""When an asset is read: not before it is due, not by two, and not for ever."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import BudgetExhausted, Permanent, Retryable
from autotag.domain.state.asset_state import Poll, due_poll, due_work
from autotag.service.tagging.poll import poll, try_poll
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import MINUTE, once
from tests.unit.service.tagging.reading.hinted_asset import DAY, given_tagged, hint, sweep_for

HOUR = 3_600_000


def given_pending(**changed: int) -> Fakes:
    """An asset that waits for its labels, with a poll of which some is ``changed``."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(60)
    fakes.clock.step = 0
    waits = Poll(fakes.clock.time, 0, fakes.clock.time + DAY * 1000)
    fakes.store.items["a1"] = replace(fakes.store.items["a1"], poll=replace(waits, **changed))
    return fakes


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


def test_a_hint_whose_end_another_write_overtakes_costs_one_read_all_the_same() -> None:
    """The read shows an older picture, so that it ends the hint without a decision."""
    fakes = given_tagged()
    handle(fakes.deps, upload(resource("a1", GUITARIST, version=200), fakes.clock.now(), "d2"), fakes.remaining)
    before = fakes.store.before_put

    def overtaken() -> None:
        state = fakes.store.items["a1"]
        if state.poll is not None and fakes.cloudinary.reads:
            fakes.store.before_put = before
            fakes.store.items["a1"] = replace(state, rev=state.rev + 1)

    fakes.store.before_put = overtaken
    handle(fakes.deps, hint(at=fakes.clock.now()), fakes.remaining)
    assert due_work(fakes.store.items["a1"]) is None
    come_to_rest(fakes)

    assert fakes.cloudinary.reads == ["a1"]


def test_a_hint_about_a_waiting_asset_writes_its_read_alone() -> None:
    fakes = given_pending()
    rev = fakes.store.items["a1"].rev
    fakes.limits.hints = 0
    handle(fakes.deps, hint(), fakes.remaining)

    assert fakes.store.items["a1"].rev == rev + 1


def test_a_read_that_shows_nothing_new_writes_its_due_time_and_its_end_alone() -> None:
    fakes = given_tagged()
    rev = fakes.store.items["a1"].rev
    handle(fakes.deps, hint(), fakes.remaining)

    assert fakes.store.items["a1"].rev == rev + 3  # the hint, the read, and what was seen with the end


def test_of_what_a_hint_says_the_read_believes_a_part_and_drops_the_rest() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    handle(fakes.deps, hint(removed=("Guitar", "People"), added=("Cat",)), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people.keys() == {"guitar"} and state.people["guitar"].want == "remove" and not state.claims


def test_two_people_of_whom_hints_tell_are_both_believed() -> None:
    fakes = given_tagged()
    fakes.limits.hints = 0
    fakes.cloudinary.assets["a1"]["tags"] = ["People", "press", "desk"]
    handle(fakes.deps, hint(digest="h1", by="ada", removed=("Guitar",)), fakes.remaining)
    handle(fakes.deps, hint(at=START + 9, digest="h2", by="eve", added=("press",)), fakes.remaining)
    fakes.limits.hints = 10
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert {key: preference.want for key, preference in state.people.items()} == {"guitar": "remove", "press": "add"}
    assert not state.claims and fakes.outcomes() == ["tagged", "tagged"]


def test_what_was_merged_while_a_read_registers_what_people_did_is_decided_at_once() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    newer = resource("a1", {"Dog": 0.9}, version=START // 1000 + 9000)
    at = fakes.clock.time + MINUTE
    met = once(lambda: handle(fakes.deps, upload(newer, at, "d2"), fakes.remaining))

    def meanwhile() -> None:
        if fakes.store.items["a1"].intent is not None:
            met()

    fakes.effects.turn = meanwhile
    handle(fakes.deps, hint(at=fakes.clock.now()), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.dirty is None and set(state.managed_tags) == {"Dog"}


def test_what_a_read_shows_over_a_state_that_others_wrote_meanwhile_waits_for_the_next_read() -> None:
    fakes = given_tagged()
    fakes.limits.hints = 0
    fakes.cloudinary.assets["a1"]["tags"] = ["People", "press"]
    handle(fakes.deps, hint(digest="h1", by="ada", removed=("Guitar",)), fakes.remaining)
    handle(fakes.deps, hint(at=START + 9, digest="h2", by="eve", added=("press",)), fakes.remaining)
    fakes.limits.hints = 10

    def overtaken() -> None:
        state = fakes.store.items["a1"]
        if fakes.cloudinary.reads:
            fakes.store.before_put = lambda: None
            fakes.store.items["a1"] = replace(state, rev=state.rev + 1)

    fakes.store.before_put = overtaken
    come_to_rest(fakes)

    preferences = {key: preference.want for key, preference in fakes.store.items["a1"].people.items()}
    assert preferences == {"guitar": "remove", "press": "add"} and len(fakes.cloudinary.reads) == 2


@pytest.mark.parametrize(("known", "shown"), [("complete", "pending"), ("pending", "complete")])
def test_tags_that_cloudinary_assigned_are_known_by_the_labels_of_the_state_or_of_the_read(
    known: str, shown: str
) -> None:
    fakes = Fakes()
    labels = {"Cat": 0.6, "Dog": 0.5}
    handle(fakes.deps, upload(resource("a1", labels, status=known)), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", labels, status=shown, tags=("Cat", "Dog"))
    handle(fakes.deps, hint(at=START + 9, by="a program", added=("Cat", "Dog")), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people == {} and state.assigned.keys() == {"cat", "dog"} and state.claims == {}
