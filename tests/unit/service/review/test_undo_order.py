"""An undo that comes twice, before its answer, or after a younger one."""

import pytest
from msgspec.structs import replace

from tests.fakes.context import Fakes
from tests.unit.service.settle import check
from tests.unit.service.tagging.people.guitarist import (
    ASKS,
    BY,
    answer,
    audits,
    do,
    guitarist,
    new_labels_came,
    one_answer,
    stored,
    undo,
    upload_again,
)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_that_comes_after_it_was_taken_back_counts_for_nothing(fakes: Fakes, verdict: str) -> None:
    tags = fakes.cloudinary.tags("a1")
    message = one_answer(fakes, verdict)
    do(fakes, undo(fakes, message))
    do(fakes, message)

    assert fakes.cloudinary.tags("a1") == tags and set(stored(fakes).review) == {"Musician", "Performer"}
    assert [audit.reason for audit in audits(fakes)] == [f"taken back by {BY}: Musician"]
    check(fakes)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_what_comes_twice_or_is_asked_by_two_is_taken_back_once(fakes: Fakes, verdict: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    first, second = undo(fakes, given), undo(fakes, given)
    for message in (first, second, first, given, second, given):
        do(fakes, message)

    assert len(audits(fakes)) == 2 and set(stored(fakes).review) == {"Musician", "Performer"}
    assert "Musician" not in fakes.cloudinary.tags("a1")
    check(fakes)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_that_was_taken_back_can_be_given_again_and_the_late_undo_does_nothing(
    fakes: Fakes, verdict: str
) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    taken = do(fakes, undo(fakes, given))
    again = do(fakes, replace(one_answer(fakes, "accept"), by="arn:aws:iam::1:user/eve"))
    for late in (taken, given, undo(fakes, given)):
        do(fakes, late)

    assert "Musician" in fakes.cloudinary.tags("a1") and stored(fakes).review == ("Performer",)
    assert stored(fakes).people["musician"].at == again.observed_at and len(audits(fakes)) == 3
    check(fakes)


def test_an_answer_to_an_older_version_is_not_taken_back_before_it_comes(fakes: Fakes) -> None:
    message = undo(fakes, answer(fakes, accept=("Musician",)))
    upload_again(fakes, 200)
    before = stored(fakes)
    do(fakes, message)

    assert stored(fakes) == before and audits(fakes) == []


def test_what_is_not_asked_about_any_more_is_not_taken_back_before_it_was_answered(fakes: Fakes) -> None:
    given = answer(fakes, accept=("Musician",))
    fakes.rules.use(ASKS.replace("0.5", "0.6"), 1)
    new_labels_came(fakes)
    before = stored(fakes)
    assert before.review == ()
    do(fakes, undo(fakes, given))

    assert stored(fakes) == before and audits(fakes) == []


def test_an_undo_takes_back_no_answer_that_is_younger_than_itself() -> None:
    fakes = guitarist()
    given = one_answer(fakes, "accept")
    early = replace(undo(fakes, given), observed_at=given.observed_at - 1)
    do(fakes, given)
    do(fakes, early)

    assert "Musician" in fakes.cloudinary.tags("a1") and stored(fakes).people["musician"].want == "add"
