"""An answer that is taken back: one request that names its audit, carried out once, whatever happens meanwhile."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Permanent, Retryable
from autotag.domain.model.messages import ReviewAnswered
from tests.fakes.samples import GUITARIST, resource
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import ADA, NAMES, decide, given, listed, progress, work
from tests.unit.handlers.ops.review.undo_requests import EVE, answered, person_acts, refusal, undo


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


def test_the_audits_tell_programs_what_was_answered_and_taken_back(ops: Ops) -> None:
    of = answered(ops)
    undo(ops, of)
    work(ops)
    _, (second, first, _) = ops.ask({"op": "audits", "asset": "a1"})
    assert first["answers"]["accept"] == ["Musician"] and first["answers"]["asked_at"].startswith("2026-10-08T12:00")
    assert (second["answers"]["undo"], second["undid"]) == (["Musician"], of) and "undid" not in first
    assert ADA in first["reason"]
