"""An answer counts once, and only about what is asked of this version."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import ReviewAnswered
from autotag.service.review.requests import Answer, Choice, ReviewDecide, review_decide
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.review import FakeReviews
from tests.fakes.samples import person
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.guitarist import (
    BY,
    answer,
    audits,
    do,
    new_labels_came,
    one_answer,
    stored,
    upload_again,
)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_a_message_that_comes_twice_is_one_audit(fakes: Fakes, verdict: str) -> None:
    message = one_answer(fakes, verdict)
    for _ in range(3):
        do(fakes, message)

    assert len(audits(fakes)) == 1 and fakes.telemetry.counts["Duplicate"] == 2


def test_the_same_answer_given_twice_is_one_audit(fakes: Fakes) -> None:
    do(fakes, answer(fakes, reject=("Musician",)))
    before = stored(fakes)
    do(fakes, answer(fakes, reject=("Musician",)))

    assert len(audits(fakes)) == 1 and stored(fakes) == before


def asked(fakes: Fakes, verdict: Answer, of: str = "") -> tuple[list[str], list[ReviewAnswered]]:
    """Ask for an answer about Musician; return the ids under which it is queued, and the messages that were sent."""
    reviews = FakeReviews(fakes.store.items, fakes.audits.records)
    request = ReviewDecide((Choice("a1", "Musician", verdict, 100, of),))
    report = review_decide(reviews.reviews, lambda name: fakes.store.items[name], request, BY, fakes.clock)
    sent = [message for message in reviews.sent if isinstance(message, ReviewAnswered)]
    return [each["audit_id"] for each in report["queued"]], sent


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_repeated_while_the_first_is_under_way_is_the_first_and_is_taken_back_with_it(
    fakes: Fakes, verdict: Answer
) -> None:
    tags = fakes.cloudinary.tags("a1")
    (first,), (message,) = asked(fakes, verdict)
    fakes.effects.die_at = (fakes.effects.done + 1, "before")  # once it is claimed
    with pytest.raises(Died):
        do(fakes, message)
    fakes.effects.die_at = None

    assert asked(fakes, verdict) == ([first], [])
    (taken,), (back,) = asked(fakes, "undo", first)
    fakes.clock.advance(7200)
    for each in (message, back):
        do(fakes, each)
    assert [audit.audit_id for audit in audits(fakes)] == [first, taken]
    assert fakes.cloudinary.tags("a1") == tags and "Musician" in stored(fakes).review
    check(fakes)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_repeated_while_the_first_waits_for_a_decision_is_the_first_unless_that_was_taken_back(
    fakes: Fakes, verdict: Answer
) -> None:
    fakes.cloudinary.fails.append(Retryable("503"))
    new_labels_came(fakes)
    (first,), (message,) = asked(fakes, verdict)
    do(fakes, message)
    assert [each.source for each in stored(fakes).answers] == [message.source]

    assert asked(fakes, verdict) == ([first], [])
    _, (back,) = asked(fakes, "undo", first)
    do(fakes, back)
    (again,), (message,) = asked(fakes, verdict)
    do(fakes, message)
    come_to_rest(fakes)
    assert again != first and audits(fakes)[-1].audit_id == again
    assert stored(fakes).people["musician"].want == ("add" if verdict == "accept" else "remove")
    assert "Musician" not in stored(fakes).review and not stored(fakes).people["musician"].withdrawn


def test_an_answer_is_no_repetition_of_one_that_waits_and_that_a_person_has_overtaken(fakes: Fakes) -> None:
    fakes.cloudinary.fails.append(Retryable("503"))
    new_labels_came(fakes)
    (first,), (message,) = asked(fakes, "reject")
    do(fakes, message)
    fakes.clock.advance(60)
    fakes.cloudinary.fails.append(Retryable("503"))
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now()), fakes.remaining)

    ids, _ = asked(fakes, "reject")
    assert ids != [first]


def test_an_opposite_answer_after_the_question_is_gone_changes_nothing(fakes: Fakes) -> None:
    do(fakes, answer(fakes, accept=("Musician",)))
    do(fakes, answer(fakes, reject=("Musician",)))

    assert "Musician" in fakes.cloudinary.tags("a1") and len(audits(fakes)) == 1


def test_what_nobody_asked_about_is_not_answered(fakes: Fakes) -> None:
    before = stored(fakes)
    do(fakes, answer(fakes, accept=("Cat",), reject=("People", "press"), clear=("Dog",)))

    assert stored(fakes) == before and audits(fakes) == []


def test_an_answer_about_an_older_version_is_not_one_about_this(fakes: Fakes) -> None:
    message = answer(fakes, accept=("Musician",), reject=("Performer",))
    upload_again(fakes, 200)
    do(fakes, message)

    assert audits(fakes) == [] and stored(fakes).review == ("Musician", "Performer")


def test_an_asset_that_was_deleted_takes_no_answer_and_leaves_the_queue(fakes: Fakes) -> None:
    del fakes.cloudinary.assets["a1"]
    do(fakes, answer(fakes, accept=("Musician",)))
    assert (stored(fakes).status, stored(fakes).review) == ("gone", ())
    do(fakes, answer(fakes, reject=("Performer",)))
    assert [audit.outcome for audit in audits(fakes)] == ["gone"]


def test_an_asset_that_was_never_seen_takes_no_answer(fakes: Fakes) -> None:
    do(fakes, replace(answer(fakes, accept=("Musician",)), asset_id="nobody"))
    assert "nobody" not in fakes.store.items
