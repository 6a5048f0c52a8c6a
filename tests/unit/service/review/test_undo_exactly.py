"""Of what was answered, exactly what is named is taken back: that tag, of that answer, on that version."""

from collections.abc import Callable

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.model.audit import AnswerRecord
from autotag.domain.model.messages import ReviewAnswered
from autotag.domain.review.undo import Taken, answered_tags, way_back
from autotag.domain.state.asset_state import Op, Write
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.guitarist import answer, audits, do, id_of, one_answer, stored, undo


def expire(fakes: Fakes, given: ReviewAnswered) -> None:
    """Let the audit of an answer have expired."""
    del fakes.audits.records[id_of(given)]


def test_the_second_answer_is_taken_back_before_it_comes_though_the_first_was_taken_back_too(fakes: Fakes) -> None:
    first = do(fakes, answer(fakes, accept=("Performer",)))
    do(fakes, undo(fakes, first, "Performer"))
    second = answer(fakes, accept=("Performer",), digest="second")
    do(fakes, replace(undo(fakes, second, "performer"), by="arn:aws:iam::1:user/eve"))
    do(fakes, second)

    assert "Performer" not in fakes.cloudinary.tags("a1") and set(stored(fakes).review) == {"Musician", "Performer"}
    assert stored(fakes).people["performer"].tag == "Performer"
    check(fakes)


def test_an_answer_of_the_moment_of_taking_back_is_taken_back_already(fakes: Fakes) -> None:
    taken = do(fakes, undo(fakes, do(fakes, answer(fakes, accept=("Musician",)))))
    at = taken.observed_at
    for late, expected in ((-1, ""), (0, ""), (1, Taken("Musician", f"a1.{at + 1:013d}.other"))):
        assert way_back(stored(fakes), "Musician", f"a1.{at + late:013d}.other", None) == expected


@pytest.mark.parametrize("of", [-1, 0])
def test_what_an_upload_cleared_is_no_answer_that_holds(fakes: Fakes, of: int) -> None:
    """A person's tag that an overwrite took is asked about again: an older answer about it is not what was said."""
    given = do(fakes, answer(fakes, accept=("Musician",)))
    preference = replace(stored(fakes).people["musician"], at=stored(fakes).asset.version * 1000 - 1, answer="")
    state = replace(stored(fakes), people={"musician": preference}, review=("Musician",))
    record = replace(fakes.audits.records[id_of(given)], asset=state.asset) if of == 0 else None
    why = way_back(state, "Musician", f"a1.{preference.at + of:013d}.other", record)

    assert isinstance(why, str) and why.startswith("there is no such answer:")


@pytest.mark.parametrize(("late", "back"), [(0, True), (1, False)])
def test_a_reject_whose_audit_has_expired_holds_over_an_upload_that_came_later(
    fakes: Fakes, late: int, back: bool
) -> None:
    """An overwrite within the second of an answer has the version of that second."""
    fakes.clock.time = fakes.clock.time // 1000 * 1000 + 999
    given = do(fakes, answer(fakes, reject=("Musician",)))
    expire(fakes, given)
    state = stored(fakes)
    version = given.observed_at // 1000 + late
    fakes.store.items["a1"] = replace(state, asset=replace(state.asset, version=version))
    do(fakes, undo(fakes, given, version=version))

    assert stored(fakes).people["musician"].withdrawn is back
    assert ("Musician" in stored(fakes).review) is back


def test_of_two_accepted_tags_of_ours_the_one_that_is_taken_back_is_ours_again(fakes: Fakes) -> None:
    """From the claim on: a worker that dies after it leaves nothing else as ours."""
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar", "People"))
    accept = do(fakes, answer(fakes, accept=("Guitar", "People")))
    fakes.effects.die_at = (fakes.effects.done + 1, "after")
    with pytest.raises(Died):
        do(fakes, undo(fakes, accept, "Guitar"))
    assert stored(fakes).intent is not None and set(stored(fakes).managed_tags) == {"Guitar"}
    come_to_rest(fakes)

    assert set(stored(fakes).managed_tags) == {"Guitar"} and stored(fakes).people["people"].want == "add"
    check(fakes)


def test_of_two_rejected_tags_of_ours_the_one_that_is_taken_back_is_written_again(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar", "People"))
    reject = do(fakes, answer(fakes, reject=("Guitar", "People")))
    do(fakes, undo(fakes, reject, "Guitar"))

    assert fakes.cloudinary.tags("a1") == {"press", "Guitar"} and set(stored(fakes).managed_tags) == {"Guitar"}
    assert audits(fakes)[-1].tags.added == ("Guitar",)
    check(fakes)


def test_the_audit_tells_what_a_reject_removed_whatever_is_known_of_our_calls(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar",))
    reject = do(fakes, answer(fakes, reject=("Guitar",)))
    fakes.store.items["a1"] = replace(stored(fakes), writes={})
    do(fakes, undo(fakes, reject, "Guitar"))

    assert "Guitar" in fakes.cloudinary.tags("a1") and "Guitar" in stored(fakes).managed_tags


@pytest.mark.parametrize(
    ("op", "late", "again"), [("remove", -1, False), ("remove", 0, True), ("remove", 1, True), ("add", 1, False)]
)
def test_without_the_audit_a_reject_removed_what_our_calls_removed_since(
    fakes: Fakes, op: Op, late: int, again: bool
) -> None:
    reject = do(fakes, answer(fakes, reject=("Musician",)))
    expire(fakes, reject)
    writes = {"Musician": Write(op, reject.observed_at + late, 100)}
    fakes.store.items["a1"] = replace(stored(fakes), writes=writes)
    do(fakes, undo(fakes, reject))

    assert ("Musician" in fakes.cloudinary.tags("a1")) is again is ("Musician" in stored(fakes).managed_tags)
    assert ("Musician" in stored(fakes).review) is not again


def test_without_the_audit_a_tag_that_no_call_of_ours_is_known_to_have_written_stays(fakes: Fakes) -> None:
    accept = do(fakes, answer(fakes, accept=("Musician",)))
    expire(fakes, accept)
    fakes.store.items["a1"] = replace(stored(fakes), writes={})
    do(fakes, undo(fakes, accept))

    assert "Musician" in fakes.cloudinary.tags("a1") and stored(fakes).people["musician"].withdrawn


def silent(fakes: Fakes, given: ReviewAnswered) -> None:
    """Let the audit of an answer not say since when the tag was asked about."""
    record = fakes.audits.records[id_of(given)]
    fakes.audits.records[id_of(given)] = replace(record, answers=AnswerRecord(accept=("Musician",)))


@pytest.mark.parametrize("forget", [expire, silent])
def test_where_it_is_not_known_since_when_a_tag_was_asked_about_it_is_asked_about_from_now_on(
    fakes: Fakes, forget: Callable[[Fakes, ReviewAnswered], None]
) -> None:
    given = do(fakes, answer(fakes, accept=("Musician", "Performer")))
    forget(fakes, given)
    taken = do(fakes, undo(fakes, given))

    assert stored(fakes).review == ("Musician",) and stored(fakes).asked_at >= taken.observed_at


def test_an_answer_whose_audit_has_expired_was_about_the_tags_that_bear_its_mark(fakes: Fakes) -> None:
    do(fakes, one_answer(fakes, "accept"))
    given = do(fakes, answer(fakes, reject=("Performer",)))
    expire(fakes, given)

    assert answered_tags(stored(fakes), id_of(given), None) == ("Performer",)


def test_a_clear_of_before_answers_were_recorded_was_about_no_tag_that_can_be_taken_back(fakes: Fakes) -> None:
    do(fakes, one_answer(fakes, "reject"))
    clear = do(fakes, answer(fakes, clear=("Musician",)))
    old = replace(audits(fakes)[-1], answers=UNSET)

    assert answered_tags(stored(fakes), id_of(clear), old) == ()
