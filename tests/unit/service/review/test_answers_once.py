"""An answer counts once, and only about what is asked of this version."""

import pytest
from msgspec.structs import replace

from tests.fakes.context import Fakes
from tests.unit.service.tagging.people.guitarist import answer, audits, do, one_answer, stored, upload_again


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
