"""Clearing a tag, and the way back that a refused answer names."""

import pytest

from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import NAMES, decide, listed, progress, work
from tests.unit.handlers.ops.review.undo_requests import answered, person_acts, refusal


def test_clearing_takes_back_what_was_accepted_in_the_queue(ops: Ops) -> None:
    of = answered(ops)
    told = decide(ops, ("a1", "musician", "clear"))
    work(ops)

    assert "Musician" not in ops.fakes.cloudinary.tags("a1") and listed(ops)[0] == NAMES
    assert progress(ops, told)["done"][0]["verdict"] == "clear"
    assert ops.fakes.audits.records[told["queued"][0]["audit_id"]].undid == of
    assert decide(ops, ("a1", "Musician", "clear"))["done"] != []


def test_clearing_does_not_take_off_what_a_person_added_in_cloudinary(ops: Ops) -> None:
    ops.fakes.cloudinary.assets["a1"]["tags"].append("Musician")
    person_acts(ops, added=("Musician",))
    why = "no person removed 'Musician' from 'zoo/a1': a person added it, so remove it in Cloudinary"
    assert refusal(decide(ops, ("a1", "Musician", "clear"))) == why
    assert "Musician" in ops.fakes.cloudinary.tags("a1")


@pytest.mark.parametrize(("first", "then", "did"), [("accept", "reject", "accepted"), ("reject", "accept", "rejected")])
def test_an_answer_that_was_given_already_is_refused_with_the_way_to_take_it_back(
    ops: Ops, first: str, then: str, did: str
) -> None:
    of = answered(ops, first)
    way = f"it was {did}, which autotag review undo {of} Musician takes back"
    assert refusal(decide(ops, ("a1", "Musician", then))) == f"there is no question about 'Musician' of 'zoo/a1': {way}"


def test_what_a_person_removed_in_cloudinary_is_refused_with_the_way_to_clear_it(ops: Ops) -> None:
    person_acts(ops, removed=("Musician",))
    why = refusal(decide(ops, ("a1", "Musician", "accept")))
    assert why.endswith(": a person removed it, which autotag review clear takes back")
