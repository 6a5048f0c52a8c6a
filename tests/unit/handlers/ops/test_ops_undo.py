"""The operators' function about answers that are taken back: one request, naming the audit, and what becomes of it."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Permanent, Retryable
from autotag.domain.model.messages import AssetDeleted, MessageOrigin, ReviewAnswered
from autotag.service.worker import handle
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import (
    ADA,
    NAMES,
    decide,
    four_assets,
    given,
    listed,
    progress,
    work,
)

EVE = "arn:aws:sts::123456789012:assumed-role/team/eve"


@pytest.fixture
def ops() -> Ops:
    return four_assets()


def answered(ops: Ops, verdict: str = "accept", asset: str = "a1") -> str:
    """Let Ada's answer about Musician be carried out; return the id of its audit."""
    told = decide(ops, (asset, "Musician", verdict))
    work(ops)
    identifier: str = told["queued"][0]["audit_id"]
    return identifier


def undo(ops: Ops, of: str, tag: str = "Musician", asset: str = "a1", version: int = 0) -> dict[str, Any]:
    """Let Eve take an answer back; return what she is told."""
    one = {"asset": asset, "tag": tag, "verdict": "undo", "version": version, "of": of}
    status, told = ops.ask_as(EVE, {"op": "review_decide", "decisions": [one]})
    assert status == 200, told
    found: dict[str, Any] = told
    return found


def refusal(told: dict[str, Any]) -> str:
    """Return why the only choice was refused; nothing was queued for it."""
    assert told["queued"] == [] == told["done"]
    (refused,) = told["refused"]
    return str(refused["why"])


def person_acts(ops: Ops, **change: tuple[str, ...]) -> None:
    """Let a person change tags of the first asset in Cloudinary."""
    message = replace(person(at=ops.fakes.clock.now()), asset=ops.fakes.store.items["a1"].asset, **change)
    handle(ops.fakes.deps, message, ops.fakes.remaining)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_anyone_who_answers_takes_anyones_answer_back_by_one_request(ops: Ops, verdict: str) -> None:
    before, tags = listed(ops), ops.fakes.cloudinary.tags("a1")
    of = answered(ops, verdict)
    assert listed(ops)[0] == NAMES[1:]
    told = undo(ops, of)
    assert progress(ops, told)["under_way"][0]["verdict"] == "undo"
    work(ops)

    assert listed(ops) == before and ops.fakes.cloudinary.tags("a1") == tags
    audit = ops.fakes.audits.records[told["queued"][0]["audit_id"]]
    assert (audit.reason, audit.undid) == (f"taken back by {EVE}: Musician", of)
    done = {"asset": "a1", "public_id": "zoo/a1", "tag": "Musician", "verdict": "undo", "version": 100, "of": of}
    assert progress(ops, told) == {"done": [done], "under_way": [], "refused": []}


def test_all_tags_of_an_answer_are_taken_back_where_none_is_named(ops: Ops) -> None:
    ops.fakes.store.items["a1"] = replace(ops.fakes.store.items["a1"], review=("Musician", "Performer"))
    told = decide(ops, ("a1", "Musician", "accept"), ("a1", "Performer", "reject"))
    work(ops)
    back = undo(ops, told["queued"][0]["audit_id"], "")
    assert [one["tag"] for one in back["queued"]] == ["Musician", "Performer"] and len(ops.reviews.sent) == 1
    work(ops)

    assert len(progress(ops, back)["done"]) == 2
    assert set(ops.fakes.store.items["a1"].review) == {"Musician", "Performer"}


def test_an_answer_that_was_not_carried_out_yet_never_is(ops: Ops) -> None:
    told = decide(ops, ("a1", "Musician", "accept"))
    of = told["queued"][0]["audit_id"]
    assert "is not carried out yet, or expired: name its tags" in refusal(undo(ops, of, ""))
    back = undo(ops, of)
    ops.reviews.sent.reverse()
    work(ops)

    assert len(progress(ops, back)["done"]) == 1 and "Musician" not in ops.fakes.cloudinary.tags("a1")
    assert progress(ops, told)["refused"][0]["why"] == "'Musician' of 'zoo/a1' was taken back since"


def test_what_a_decision_under_way_asks_about_can_be_answered_and_taken_back(ops: Ops) -> None:
    ops.fakes.cloudinary.fails = [Retryable("503", delay=60)]
    given(ops, resource("e5", GUITARIST, public_id="zoo/e5"))
    assert ops.fakes.store.items["e5"].intent is not None and ops.fakes.store.items["e5"].review == ()
    told = decide(ops, ("e5", "Musician", "accept"))
    back = undo(ops, told["queued"][0]["audit_id"], asset="e5")

    assert len(back["queued"]) == 1 == len(ops.reviews.sent) - 1


def test_what_is_taken_back_already_is_done_and_queues_nothing(ops: Ops) -> None:
    of = answered(ops)
    undo(ops, of)
    work(ops)
    assert undo(ops, of)["done"][0]["of"] == of and ops.reviews.sent == []


def test_two_who_take_the_same_back_at_once_are_both_told_that_it_is_done(ops: Ops) -> None:
    of = answered(ops)
    both = [undo(ops, of), undo(ops, of)]
    work(ops)
    assert all(len(progress(ops, told)["done"]) == 1 for told in both)
    assert [audit.reason for audit in ops.fakes.audits.records.values()].count(f"taken back by {EVE}: Musician") == 1


def test_an_undo_that_was_carried_out_is_done_though_another_answer_came_since(ops: Ops) -> None:
    told = undo(ops, answered(ops))
    work(ops)
    answered(ops, "accept")
    assert len(progress(ops, told)["done"]) == 1


def test_progress_tells_what_cloudinary_refused(ops: Ops) -> None:
    told = undo(ops, answered(ops))
    ops.fakes.cloudinary.fails = [Permanent("Cloudinary answered 400: no")]
    work(ops)
    assert progress(ops, told)["refused"][0]["why"] == "Cloudinary answered 400: no"


def test_progress_tells_what_a_person_changed_meanwhile(ops: Ops) -> None:
    told = undo(ops, answered(ops))
    person_acts(ops, removed=("Musician",))
    work(ops)
    (refused,) = progress(ops, told)["refused"]
    assert refused["why"].startswith("a person changed 'Musician' of 'zoo/a1' since, at 2026-10-08T12:")


def test_an_undo_is_under_way_until_its_call_is_made(ops: Ops) -> None:
    told = undo(ops, answered(ops))
    ops.fakes.cloudinary.fails = [Retryable("503", delay=60)]
    work(ops)
    assert len(progress(ops, told)["under_way"]) == 1


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


@pytest.mark.parametrize("ahead", [0, 1, 240_000])
def test_taking_back_and_answering_again_are_later_than_the_answer_whatever_a_clock_says(ops: Ops, ahead: int) -> None:
    ops.fakes.clock.time += ahead
    of = answered(ops)
    ops.fakes.clock.time -= ahead + 5
    undo(ops, of)
    (message,) = ops.reviews.sent
    assert isinstance(message, ReviewAnswered) and message.observed_at > int(of.split(".")[1])
    work(ops)
    assert "Musician" not in ops.fakes.cloudinary.tags("a1")
    ops.fakes.clock.time -= 5
    told = decide(ops, ("a1", "Musician", "accept"))
    work(ops)
    assert len(progress(ops, told)["done"]) == 1 and "Musician" in ops.fakes.cloudinary.tags("a1")


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


def test_answers_of_several_audits_are_taken_back_by_a_message_each(ops: Ops) -> None:
    ops.fakes.store.items["a1"] = replace(ops.fakes.store.items["a1"], review=("Musician", "Performer"))
    ids = []
    for tag in ("Musician", "Performer"):
        ids.append(decide(ops, ("a1", tag, "accept"))["queued"][0]["audit_id"])
        work(ops)
    pairs = zip(("Musician", "Performer"), ids, strict=True)
    chosen = [{"asset": "a1", "tag": tag, "verdict": "undo", "of": of} for tag, of in pairs]
    status, told = ops.ask_as(EVE, {"op": "review_decide", "decisions": chosen})
    assert status == 200 and len(ops.reviews.sent) == 2
    work(ops)
    assert [ops.fakes.audits.records[one["audit_id"]].undid for one in told["queued"]] == ids


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


def test_the_audits_tell_programs_what_was_answered_and_taken_back(ops: Ops) -> None:
    of = answered(ops)
    undo(ops, of)
    work(ops)
    _, (second, first, _) = ops.ask({"op": "audits", "asset": "a1"})
    assert first["answers"]["accept"] == ["Musician"] and first["answers"]["asked_at"].startswith("2026-10-08T12:00")
    assert (second["answers"]["undo"], second["undid"]) == (["Musician"], of) and "undid" not in first
    assert ADA in first["reason"]
