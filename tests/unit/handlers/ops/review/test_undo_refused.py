"""What cannot be taken back, and why."""

import pytest

from autotag.domain.model.messages import AssetDeleted, MessageOrigin
from autotag.service.worker import handle
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import decide, given, work
from tests.unit.handlers.ops.review.undo_requests import answered, person_acts, refusal, undo


def test_what_a_person_changed_since_is_not_taken_back(ops: Ops) -> None:
    of = answered(ops)
    person_acts(ops, removed=("Musician",))
    assert "a person changed 'Musician' of 'zoo/a1' since, at 2026-10-08T12:" in refusal(undo(ops, of))


def test_an_answer_to_another_version_or_about_a_deleted_asset_is_not_taken_back(ops: Ops) -> None:
    of = answered(ops)
    given(ops, resource("a1", GUITARIST, version=200, public_id="zoo/a1"), START + 600_000)
    assert refusal(undo(ops, of)) == "'zoo/a1' was overwritten since" == refusal(undo(ops, of, version=100))
    gone = AssetDeleted(ops.fakes.store.items["a1"].asset, START + 900_000, MessageOrigin("delete", "x"))
    handle(ops.fakes.deps, gone, ops.fakes.remaining)
    assert refusal(undo(ops, of)) == "'zoo/a1' was deleted"


@pytest.mark.parametrize(
    ("of", "why"),
    [
        ("nonsense", "audit_id: expected <asset_id>.<milliseconds>.<unique>, not 'nonsense'"),
        ("a1.17.x", "audit_id: expected"),
        ("bb2.1791460800000.x", "'bb2.1791460800000.x' is about another asset than 'zoo/a1'"),
        ("a1.9991460800000.x", "there is no such answer: 'a1.9991460800000.x' lies in the future"),
    ],
)
def test_what_names_no_answer_of_the_asset_is_refused_with_why(ops: Ops, of: str, why: str) -> None:
    assert why in refusal(undo(ops, of))


def test_what_is_no_answer_or_was_taken_back_itself_is_refused_with_why(ops: Ops) -> None:
    decision = next(iter(ops.fakes.audits.records))
    assert (
        refusal(undo(ops, decision))
        == f"{decision!r} is no answer in the review queue"
        == refusal(undo(ops, decision, ""))
    )
    of = answered(ops)
    assert refusal(undo(ops, of, "Guitar")) == f"{of!r} says nothing about 'Guitar'"
    made_up = f"{of[:-1]}~"
    assert refusal(undo(ops, made_up)) == (
        f"there is no such answer: {made_up!r} is not the current answer about 'Musician' of 'zoo/a1'"
    )
    decide(ops, ("bb2", "Musician", "reject"))
    work(ops)
    cleared = decide(ops, ("bb2", "Musician", "clear"))
    work(ops)
    clear = cleared["queued"][0]["audit_id"]
    why = f"{clear!r} cleared 'Musician': only an accept or a reject can be taken back"
    assert refusal(undo(ops, clear, asset="bb2")) == why
    taken = undo(ops, of)
    work(ops)
    again = taken["queued"][0]["audit_id"]
    why = f"{again!r} took an answer about 'Musician' back, which cannot be undone: answer again"
    assert refusal(undo(ops, again, "")) == why


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        ({"verdict": "undo", "tag": "Musician"}, "names the audit of the answer"),
        ({"verdict": "accept", "tag": "Musician", "of": "a1.1791460800000.x"}, "goes with an undo only"),
        ({"verdict": "reject", "tag": ""}, "expected a tag to reject"),
    ],
)
def test_of_goes_with_an_undo_and_with_nothing_else(ops: Ops, choice: dict[str, str], why: str) -> None:
    status, told = ops.ask({"op": "review_decide", "decisions": [{"asset": "a1", **choice}]})
    assert status == 400 and why in told["error"]["message"] and ops.reviews.sent == []
