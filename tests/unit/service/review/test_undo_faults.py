"""An undo through refusals, deaths of workers, late echoes and outages."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Permanent, Retryable
from autotag.domain.model.messages import ReviewAnswered
from autotag.domain.state.asset_state import AssetState
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.samples import person
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.guitarist import (
    BY,
    answer,
    audits,
    do,
    guitarist,
    id_of,
    new_labels_came,
    stored,
    undo,
)


def rest_of(state: AssetState) -> AssetState:
    """Return a state without what only tells that something was tried."""
    return replace(state, rev=0, final_at=0)


def test_where_cloudinary_refuses_all_is_as_before_it_was_taken_back(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    before = stored(fakes)
    fakes.cloudinary.fails = [Permanent("Cloudinary answered 400: no")]
    message = do(fakes, undo(fakes, given))

    assert rest_of(stored(fakes)) == rest_of(before) and "Musician" in fakes.cloudinary.tags("a1")
    failed = audits(fakes)[-1]
    assert (failed.outcome, failed.reason, failed.tags.removed) == ("failed", "Cloudinary answered 400: no", ())
    do(fakes, message)  # recorded as refused: a duplicate of it does not say otherwise
    assert len(audits(fakes)) == 2 and "Musician" in fakes.cloudinary.tags("a1")
    do(fakes, undo(fakes, given))
    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    check(fakes)


def test_where_cloudinary_refuses_to_write_a_rejected_tag_again_it_stays_rejected(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar",))
    given = do(fakes, answer(fakes, reject=("Guitar",)))
    before = stored(fakes)
    fakes.cloudinary.most_tags = 2
    do(fakes, undo(fakes, given, "Guitar"))

    assert rest_of(stored(fakes)) == rest_of(before) and audits(fakes)[-1].outcome == "failed"


def test_an_accept_that_cloudinary_refuses_does_not_forget_what_was_taken_back_before(fakes: Fakes) -> None:
    first = do(fakes, answer(fakes, accept=("Musician",)))
    do(fakes, undo(fakes, first))
    fakes.cloudinary.most_tags = 3
    do(fakes, answer(fakes, accept=("Musician",)))
    assert audits(fakes)[-1].outcome == "failed" and stored(fakes).people["musician"].withdrawn
    fakes.cloudinary.most_tags = 1000
    fakes.audits.records.pop(id_of(first))
    do(fakes, first)

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review


def test_an_asset_that_is_deleted_while_an_accept_is_taken_back_ends_as_gone(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    del fakes.cloudinary.assets["a1"]
    do(fakes, undo(fakes, given))

    assert (stored(fakes).status, stored(fakes).review, audits(fakes)[-1].outcome) == ("gone", (), "gone")


def test_under_a_live_intent_taking_back_comes_again_and_a_due_one_is_finished_first(fakes: Fakes) -> None:
    fakes.effects.die_at = (fakes.effects.done, "after")  # the claim
    given = answer(fakes, accept=("Musician",))
    with pytest.raises(Died):
        do(fakes, given)
    message = undo(fakes, given)
    with pytest.raises(Retryable, match="a1 is being worked on"):
        do(fakes, message)
    fakes.clock.advance(121)
    do(fakes, message)

    assert [audit.outcome for audit in audits(fakes)] == ["tagged", "tagged"]
    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    check(fakes)


def ends_of(number: int, when: str) -> Fakes:
    """Let a worker die at an effect of an accept, and the undo come meanwhile, before the poller."""
    fakes = guitarist()
    fakes.effects.die_at = (fakes.effects.done + number, when)
    given = answer(fakes, accept=("Musician",))
    with pytest.raises(Died):
        do(fakes, given)
    queued: list[ReviewAnswered] = [undo(fakes, given), given]
    while queued:
        message = queued.pop(0)
        try:
            do(fakes, message)
        except Retryable:
            queued.append(message)
            fakes.clock.advance(120)
    come_to_rest(fakes)
    return fakes


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(5))
def test_an_accept_whose_worker_died_is_taken_back_all_the_same(number: int, when: str) -> None:
    """The five effects of an accept: its claim, its call, its audit, its event, its final write."""
    fakes = ends_of(number, when)

    assert fakes.cloudinary.tags("a1") == {"press", "People", "Guitar"}
    assert set(stored(fakes).review) == {"Musician", "Performer"} and stored(fakes).people["musician"].withdrawn
    assert audits(fakes)[-1].reason == f"taken back by {BY}: Musician"
    check(fakes)


def test_the_late_echo_of_the_accept_does_not_bring_the_tag_back(fakes: Fakes) -> None:
    """The accept was carried out after it was already to be taken back, with a key that people may use, too."""
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    given = do(fakes, answer(fakes, accept=("Musician",)))
    message = undo(fakes, given)
    fakes.clock.advance(61)
    a_minute(fakes)
    called = fakes.clock.now()
    do(fakes, message)
    handle(fakes.deps, person(added=("Musician",), at=called, by="222"), fakes.remaining)

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    check(fakes)


def test_the_late_echo_of_taking_back_does_not_end_a_new_accept(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    message = undo(fakes, given)
    again = answer(fakes, accept=("Musician",))
    do(fakes, message)
    called = fakes.clock.now()
    do(fakes, again)
    handle(fakes.deps, person(removed=("Musician",), at=called, by="222"), fakes.remaining)
    assert "Musician" in fakes.cloudinary.tags("a1") and "musician" in stored(fakes).people

    fakes.cloudinary.assets["a1"]["tags"].remove("Musician")  # a person has our key: what is done later is theirs
    handle(fakes.deps, person(removed=("Musician",), at=fakes.clock.now(), by="222"), fakes.remaining)
    assert stored(fakes).people["musician"].want == "remove"


def bus_is_down(fakes: Fakes) -> None:
    fakes.bus.fails = Retryable("EventBridge: InternalException")


@pytest.mark.parametrize("meanwhile", [bus_is_down, new_labels_came])
def test_it_is_taken_back_and_announced_whatever_happened_meanwhile(
    fakes: Fakes, meanwhile: Callable[[Fakes], None]
) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    meanwhile(fakes)
    do(fakes, undo(fakes, given))
    fakes.bus.fails = None
    come_to_rest(fakes)

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    assert audits(fakes)[-1] in fakes.bus.sent
    check(fakes)
