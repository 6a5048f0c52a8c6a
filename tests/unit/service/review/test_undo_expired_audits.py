"""An undo where the audit of the answer has expired, or where the state does not name the answer."""

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.model.messages import ReviewAnswered
from autotag.domain.state.asset_state import Write
from tests.fakes.context import Fakes
from tests.unit.service.settle import check
from tests.unit.service.tagging.people.guitarist import answer, do, id_of, one_answer, stored, undo


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_whose_audit_has_expired_is_taken_back_by_the_wish_alone(fakes: Fakes, verdict: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    del fakes.audits.records[id_of(given)]
    do(fakes, undo(fakes, given))

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    assert stored(fakes).people["musician"].withdrawn


def test_a_removed_tag_comes_back_though_the_audit_of_its_reject_has_expired(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), review=("Guitar",))
    given = do(fakes, answer(fakes, reject=("Guitar",)))
    del fakes.audits.records[id_of(given)]
    do(fakes, undo(fakes, given, "Guitar"))

    assert "Guitar" in fakes.cloudinary.tags("a1") and "Guitar" in stored(fakes).managed_tags


def test_where_the_audit_has_expired_a_tag_that_our_last_write_did_not_add_stays(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    del fakes.audits.records[id_of(given)]
    writes = {**stored(fakes).writes, "Musician": Write("remove", fakes.clock.now(), 100)}
    fakes.store.items["a1"] = replace(stored(fakes), writes=writes)
    do(fakes, undo(fakes, given))

    assert "Musician" in fakes.cloudinary.tags("a1") and stored(fakes).people["musician"].withdrawn


def before_answers_were_marked(fakes: Fakes, given: ReviewAnswered) -> None:
    """Let an answer have been carried out by the version before: no mark in the state, no answers in the audit."""
    state, record = stored(fakes), fakes.audits.records[id_of(given)]
    preference = replace(state.people["musician"], answer="")
    fakes.store.items["a1"] = replace(state, people={**state.people, "musician": preference})
    fakes.audits.records[id_of(given)] = replace(record, answers=UNSET)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_of_before_answers_were_recorded_is_taken_back_by_its_audit(fakes: Fakes, verdict: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    before_answers_were_marked(fakes, given)
    do(fakes, undo(fakes, given))

    assert "Musician" not in fakes.cloudinary.tags("a1") and "Musician" in stored(fakes).review
    check(fakes)
