"""What an undo brings back: the tags, the question and its place in the queue, as if there had been no answer."""

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.model.audit import AnswerRecord, iso
from autotag.domain.review.questions import questions
from tests.fakes.context import Fakes
from tests.unit.service.settle import check
from tests.unit.service.tagging.people.guitarist import answer, audits, do, id_of, stored, undo, would_ask


def test_an_accept_that_is_taken_back_leaves_no_tag_and_the_question(fakes: Fakes) -> None:
    before = stored(fakes)
    accept = do(fakes, answer(fakes, accept=("musician",)))
    assert "Musician" in fakes.cloudinary.tags("a1")
    do(fakes, undo(fakes, accept))

    assert fakes.cloudinary.tags("a1") == {"press", "People", "Guitar"}
    state = stored(fakes)
    assert set(state.review) == {"Musician", "Performer"} and state.managed_tags == before.managed_tags
    assert (state.status, state.asked_at, state.facts) == (before.status, before.asked_at, before.facts)
    assert state.people["musician"].withdrawn and set(would_ask(fakes)[1]) == {"Musician", "Performer"}
    check(fakes)


def test_a_reject_that_is_taken_back_suppresses_nothing_and_leaves_the_question(fakes: Fakes) -> None:
    calls = len(fakes.cloudinary.calls)
    reject = do(fakes, answer(fakes, reject=("Musician",)))
    do(fakes, undo(fakes, reject))

    assert len(fakes.cloudinary.calls) == calls
    assert set(stored(fakes).review) == {"Musician", "Performer"} == set(would_ask(fakes)[1])
    fakes.rules.use("[defaults]\nthreshold = 0.5\n", 1)
    assert "Musician" in would_ask(fakes)[0]
    check(fakes)


def test_a_tag_that_the_reject_removed_is_written_again_as_ours(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar",))
    reject = do(fakes, answer(fakes, reject=("guitar",)))
    assert "Guitar" not in fakes.cloudinary.tags("a1")
    do(fakes, undo(fakes, reject, "guitar"))

    assert "Guitar" in fakes.cloudinary.tags("a1") and stored(fakes).managed_tags["Guitar"] == ("guitar",)
    assert audits(fakes)[-1].tags.added == ("Guitar",) and stored(fakes).review == ()
    assert [(told.label, told.outcome) for told in audits(fakes)[-1].labels] == [("Guitar", "kept")]
    check(fakes)


def test_a_tag_that_was_ours_when_it_was_accepted_is_ours_again(fakes: Fakes) -> None:
    before = replace(stored(fakes), review=("Guitar", "Musician"))
    fakes.store.items["a1"] = before
    accept = do(fakes, answer(fakes, accept=("Guitar",)))
    assert "Guitar" not in stored(fakes).managed_tags
    do(fakes, undo(fakes, accept, "Guitar"))

    assert stored(fakes).managed_tags == before.managed_tags and set(stored(fakes).review) == {"Guitar", "Musician"}
    assert "Guitar" in fakes.cloudinary.tags("a1")
    check(fakes)


def test_taking_back_is_one_audit_that_names_who_and_the_other(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    accept = do(fakes, answer(fakes, accept=("Musician",), reject=("Performer",)))
    message = do(fakes, replace(undo(fakes, accept), by="arn:aws:iam::1:user/eve"))

    first, second = audits(fakes)
    assert first.answers == AnswerRecord(("Musician",), ("Performer",), (), (), iso(asked_at))
    assert first.undid is UNSET
    assert (second.audit_id, second.undid) == (id_of(message), first.audit_id)
    assert second.reason == "taken back by arn:aws:iam::1:user/eve: Musician"
    assert second.answers == AnswerRecord(undo=("Musician",))
    assert (second.outcome, second.tags.added, second.tags.removed) == ("tagged", (), ("Musician",))
    assert second.tags.review == ("Musician",) == stored(fakes).review
    assert [(told.label, told.outcome) for told in second.labels] == [("Musician", "review")]
    assert fakes.bus.sent[-1] == second


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_the_question_returns_to_its_old_place_in_the_queue(fakes: Fakes, verdict: str) -> None:
    asked_at = stored(fakes).asked_at
    both = do(fakes, replace(answer(fakes), **{verdict: ("Musician", "Performer")}))
    assert stored(fakes).asked_at == 0
    fakes.clock.advance(86_400)
    do(fakes, undo(fakes, both, "Performer"))
    assert (stored(fakes).review, stored(fakes).asked_at) == (("Performer",), asked_at)
    do(fakes, undo(fakes, both))
    assert (set(stored(fakes).review), stored(fakes).asked_at) == ({"Musician", "Performer"}, asked_at)


def test_an_old_question_returns_before_younger_ones_of_the_asset(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    both = do(fakes, answer(fakes, accept=("Musician", "Performer")))
    fakes.store.items["a1"] = replace(stored(fakes), review=("Dancer",), asked_at=asked_at + 600_000)
    do(fakes, undo(fakes, both))

    assert (stored(fakes).review, stored(fakes).asked_at) == (("Dancer", "Musician"), asked_at)


def test_a_younger_question_that_returns_does_not_move_an_old_one_back(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    old = do(fakes, answer(fakes, accept=("Musician", "Performer")))
    fakes.store.items["a1"] = replace(stored(fakes), review=("Dancer",), asked_at=asked_at + 600_000)
    young = do(fakes, answer(fakes, reject=("Dancer",)))
    do(fakes, undo(fakes, old))
    do(fakes, undo(fakes, young, "Dancer"))

    assert (stored(fakes).review, stored(fakes).asked_at) == (("Musician", "Dancer"), asked_at)


def test_taking_back_never_decides(fakes: Fakes) -> None:
    accept = do(fakes, answer(fakes, accept=("Musician",)))
    fakes.rules.use("[defaults]\nthreshold = 0.3\n", 1)
    do(fakes, undo(fakes, accept))

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    asked = questions(stored(fakes), fakes.rules.active().ruleset).by_key["musician"]
    assert not asked.asked and asked.because == "under the active rules: kept, defaults.threshold"
