"""Answers in the review queue: which are queued, which are refused and why, and what becomes of them."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import AssetDeleted, MessageOrigin, ReviewAnswered, encode
from autotag.service.worker import handle
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import ADA, NAMES, decide, given, listed, progress, work


@pytest.mark.parametrize(
    "body",
    [
        {"op": "review_list", "limit": 0},
        {"op": "review_list", "limit": 101},
        {"op": "review_list", "cursor": "x"},
        {"op": "review_list", "asset": "a1"},
        {"op": "review_decide"},
        {"op": "review_decide", "decisions": []},
        {"op": "review_decide", "decisions": [{"asset": "a1", "tag": "Musician", "verdict": "yes"}]},
        {"op": "review_decide", "decisions": [{"asset": "a1", "tag": "", "verdict": "accept"}]},
        {"op": "review_decide", "decisions": [{"asset": "a1", "tag": "x", "verdict": "accept", "by": "me"}]},
        {"op": "review_decide", "decisions": [{"asset": "a1", "tag": "x", "verdict": "accept"}] * 101},
        {"op": "review_progress", "decisions": []},
    ],
)
def test_a_request_that_is_none_is_refused_with_a_sentence(ops: Ops, body: object) -> None:
    status, answer = ops.ask(body)
    assert status == 400 and answer["error"]["message"] and ops.reviews.sent == []


def test_answers_are_queued_in_the_name_of_the_caller_a_message_an_asset(ops: Ops) -> None:
    told = decide(ops, ("zoo/a1", "musician", "accept"), ("bb2", "Musician", "reject"))

    assert [(one["asset"], one["tag"], one["verdict"]) for one in told["queued"]] == [
        ("a1", "musician", "accept"),
        ("bb2", "Musician", "reject"),
    ]
    assert (told["done"], told["refused"]) == ([], [])
    first, second = ops.reviews.sent
    assert isinstance(first, ReviewAnswered) and isinstance(second, ReviewAnswered)
    assert (first.asset_id, first.version, first.by, first.accept) == ("a1", 100, ADA, ("musician",))
    assert (second.reject, second.clear, len(second.source.digest)) == (("Musician",), (), 64)


def test_the_audit_that_is_told_is_the_one_that_names_the_caller(ops: Ops) -> None:
    told = decide(ops, ("a1", "Musician", "accept"))
    assert progress(ops, told)["under_way"][0]["tag"] == "Musician"
    work(ops)

    audit = ops.fakes.audits.records[told["queued"][0]["audit_id"]]
    assert (audit.trigger.kind, audit.reason) == ("review", f"accepted by {ADA}: Musician")
    assert progress(ops, told)["done"] == [
        {"asset": "a1", "public_id": "zoo/a1", "tag": "Musician", "verdict": "accept", "version": 100}
    ]
    assert listed(ops) == (NAMES[1:], None)


def test_the_same_answer_once_more_is_done_already_and_queues_nothing(ops: Ops) -> None:
    for verdict, asset in (("accept", "a1"), ("reject", "bb2")):
        decide(ops, (asset, "Musician", verdict))
        work(ops)
        told = decide(ops, (asset, "Musician", verdict))
        assert (told["queued"], told["refused"]) == ([], []) and told["done"][0]["verdict"] == verdict
    decide(ops, ("bb2", "Musician", "clear"))
    work(ops)
    assert decide(ops, ("bb2", "Musician", "clear"))["done"] != [] and ops.reviews.sent == []


def test_the_same_answer_sent_twice_before_it_is_carried_out_is_one_audit(ops: Ops) -> None:
    for _ in range(2):
        assert len(decide(ops, ("a1", "Musician", "reject"), ("a1", "musician", "reject"))["queued"]) == 1
    work(ops)
    assert [audit.trigger.kind for audit in ops.fakes.audits.records.values()].count("review") == 1


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (("nobody", "Musician", "accept"), "no asset 'nobody' was ever seen"),
        (("a1", "Guitar", "accept"), "there is no question about 'Guitar' of 'zoo/a1'"),
        (("a1", "Cat", "reject"), "there is no question about 'Cat' of 'zoo/a1'"),
        (("a1", "Musician", "clear"), "no person removed 'Musician' from 'zoo/a1'"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_the_rest_is_queued(
    ops: Ops, decision: tuple[str, str, str], why: str
) -> None:
    told = decide(ops, decision, ("bb2", "Musician", "accept"))
    ((refused,), (queued,)) = told["refused"], told["queued"]
    assert why in refused["why"] and queued["asset"] == "bb2" and len(ops.reviews.sent) == 1


def test_an_ambiguous_name_is_refused_with_the_asset_ids(ops: Ops) -> None:
    given(ops, resource("f6", GUITARIST, public_id="zoo/a1"))
    (refused,) = decide(ops, ("zoo/a1", "Musician", "accept"))["refused"]
    assert "a1, f6" in refused["why"]


def test_two_opposite_answers_at_once_are_not_both_taken(ops: Ops) -> None:
    told = decide(ops, ("a1", "Musician", "accept"), ("zoo/a1", "musician", "reject"))
    assert len(told["queued"]) == 1 and told["refused"][0]["why"] == "the answer before it is 'accept'"


def test_a_version_that_was_overwritten_since_is_not_answered_about(ops: Ops) -> None:
    told = decide(ops, ("a1", "Musician", "accept"), version=100)
    given(ops, resource("a1", GUITARIST, version=200, public_id="zoo/a1"), START + 600_000)
    work(ops)

    (refused,) = progress(ops, told)["refused"]
    assert refused["why"] == "'zoo/a1' was overwritten since"
    assert decide(ops, ("a1", "Musician", "accept"), version=100)["refused"] == [refused]
    assert "Musician" not in ops.fakes.cloudinary.tags("a1") and listed(ops)[0] == NAMES


def test_a_deleted_asset_leaves_the_queue_and_takes_no_answer(ops: Ops) -> None:
    asset = ops.fakes.store.items["a1"].asset
    handle(ops.fakes.deps, AssetDeleted(asset, START + 600_000, MessageOrigin("delete", "x")), ops.fakes.remaining)
    assert listed(ops)[0] == NAMES[1:]
    assert decide(ops, ("a1", "Musician", "accept"))["refused"][0]["why"] == "'zoo/a1' was deleted"


def test_what_cloudinary_refused_is_told(ops: Ops) -> None:
    ops.fakes.cloudinary.most_tags = 2
    told = decide(ops, ("a1", "Musician", "accept"))
    work(ops)
    assert "more than 2 tags" in progress(ops, told)["refused"][0]["why"]
    assert listed(ops)[0] == NAMES


def test_what_a_person_did_meanwhile_is_told(ops: Ops) -> None:
    told = decide(ops, ("a1", "Musician", "reject"))
    at = ops.fakes.clock.now()
    handle(ops.fakes.deps, replace(person(added=("Musician",), at=at), asset=asset(ops)), ops.fakes.remaining)
    work(ops)
    why = "there is no question about 'Musician' of 'zoo/a1': a person added it, so remove it in Cloudinary"
    assert progress(ops, told)["refused"][0]["why"] == why


def asset(ops: Ops) -> Any:
    return ops.fakes.store.items["a1"].asset


def test_an_answer_is_under_way_until_its_tag_is_written(ops: Ops) -> None:
    told = decide(ops, ("a1", "Musician", "accept"))
    ops.fakes.cloudinary.fails = [Retryable("503", delay=60)]
    work(ops)
    assert progress(ops, told)["done"] == [] and len(progress(ops, told)["under_way"]) == 1
    assert len(decide(ops, ("a1", "Musician", "accept"))["queued"]) == 1


def test_many_answers_about_one_asset_fit_into_messages(ops: Ops) -> None:
    wide = "\U0001d50a"  # two escapes of JSON
    tags = [f"{wide * 250}{n:03d}" for n in range(100)]
    ops.fakes.store.items["a1"] = replace(ops.fakes.store.items["a1"], review=tuple(tags))
    told = decide(ops, *[("a1", tag, "reject") for tag in tags])
    assert len(told["queued"]) == 100 and len(ops.reviews.sent) == 4
    assert all(len(encode(message)) < 256 * 1024 for message in ops.reviews.sent)
    work(ops)
    assert len(progress(ops, told)["done"]) == 100


def test_a_queue_that_is_down_is_said_so(ops: Ops) -> None:
    ops.reviews.fails = Retryable("SQS: ServiceUnavailable")
    body = {"op": "review_decide", "decisions": [{"asset": "a1", "tag": "Musician", "verdict": "accept"}]}
    assert ops.ask(body)[0] == 503
