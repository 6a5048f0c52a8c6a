"""Questions at random, as an operator requests them, and as the review queue lists and counts them."""

from typing import Any

import pytest

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import AskSample, MessageOrigin
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import ADA, ASKS, NAMES, decide, given, listed, work


@pytest.fixture
def ops(ops: Ops) -> Ops:
    """A fifth asset, about which nobody is asked."""
    given(ops, resource("e5", {"People": 0.99, "Hat": 0.2}, public_id="stage/e5"))
    ops.fakes.clock.advance(60)
    return ops


def requested(ops: Ops, *entries: tuple[str, str], version: int = 100) -> dict[str, Any]:
    """Request questions in Ada's name; return the answer."""
    body = [{"asset": asset, "label": label, "version": version} for asset, label in entries]
    status, told = ops.ask_as(ADA, {"op": "review_sample", "entries": body})
    assert status == 200, told
    found: dict[str, Any] = told
    return found


def asked(ops: Ops, *entries: tuple[str, str]) -> None:
    """Request questions, and let the worker ask them."""
    requested(ops, *entries)
    work(ops)
    ops.fakes.clock.advance(60)


def questions(ops: Ops, asset: str, **fields: Any) -> dict[str, dict[str, Any]]:
    """Return the questions about an asset, by tag."""
    status, page = ops.ask({"op": "review_list", "limit": 100, **fields})
    assert status == 200, page
    entries = {entry["asset"]["asset_id"]: entry["tags"] for entry in page["assets"]}
    return {question["tag"]: question for question in entries.get(asset, [])}


def test_a_message_is_queued_for_each_asset_in_the_callers_name(ops: Ops) -> None:
    told = requested(ops, ("e5", "Hat"), ("a1", "Guitar"), ("e5", "People"), ("e5", "Hat"))
    assert told == {
        "queued": [
            {"asset": "e5", "version": 100, "labels": ["Hat", "People"]},
            {"asset": "a1", "version": 100, "labels": ["Guitar"]},
        ]
    }
    first, second = ops.reviews.sent
    assert isinstance(first, AskSample) and isinstance(second, AskSample)
    assert (first.asset_id, first.version, first.labels, first.by) == ("e5", 100, ("Hat", "People"), ADA)
    assert (second.asset_id, second.labels, second.observed_at) == ("a1", ("Guitar",), first.observed_at)


def test_the_same_request_is_the_same_message_whenever_and_whoever_sends_it(ops: Ops) -> None:
    requested(ops, ("e5", "Hat"), ("e5", "People"))
    ops.fakes.clock.advance(60)
    ops.ask_as("someone", {"op": "review_sample", "entries": [
        {"asset": "e5", "label": label, "version": 100} for label in ("People", "Hat")
    ]})  # fmt: skip
    requested(ops, ("e5", "Hat"), version=101)
    first, again, newer = (message.source for message in ops.reviews.sent if isinstance(message, AskSample))
    assert first == again != newer and first == MessageOrigin("sample", first.digest)


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [{"asset": "stage/a1", "label": "Hat", "version": 1}],
        [{"asset": "a1", "label": "", "version": 1}],
        [{"asset": "a1", "label": "Hat"}],
        [{"asset": "a1", "label": "Hat", "version": -1}],
        [{"asset": "a1", "label": "Hat", "version": 1, "why": "x"}],
        [{"asset": f"a{n}", "label": "Hat", "version": 1} for n in range(101)],
    ],
    ids=["none", "a public_id", "no label", "no version", "a negative version", "an unknown field", "too many"],
)
def test_a_malformed_request_is_refused_and_queues_nothing(ops: Ops, entries: list[dict[str, Any]]) -> None:
    status, told = ops.ask({"op": "review_sample", "entries": entries})
    assert status == 400 and told["error"] and ops.reviews.sent == []


def test_a_queue_that_is_down_is_told(ops: Ops) -> None:
    ops.reviews.fails = Retryable("SQS: InternalError")
    status, _ = ops.ask({"op": "review_sample", "entries": [{"asset": "e5", "label": "Hat", "version": 100}]})
    assert status == 503


def test_a_sample_is_listed_as_a_question_though_its_label_is_below_every_bar(ops: Ops) -> None:
    asked(ops, ("e5", "Hat"))
    assert questions(ops, "e5") == {
        "Hat": {
            "tag": "Hat",
            "labels": [{"label": "Hat", "provider": "aws_rek_tagging", "confidence": 0.2}],
            "threshold": 0.7,
            "review": 0.5,
            "because": "defaults.threshold",
            "asked": True,
            "sample": True,
        }
    }
    assert listed(ops, limit=100)[0] == [*NAMES, "e5"], "it waits behind those that were asked about before"
    assert listed(ops, tag="hat")[0] == ["e5"] and listed(ops, folder="zoo")[0] == [NAMES[0], NAMES[2]]


def test_a_sample_about_a_tag_that_is_written_is_a_question(ops: Ops) -> None:
    asked(ops, ("e5", "People"))
    question = questions(ops, "e5")["People"]
    assert (question["asked"], question["sample"], question["threshold"]) == (True, True, 0.7)


def test_a_sample_about_a_tag_in_review_is_the_same_question_marked(ops: Ops) -> None:
    before = questions(ops, "a1")
    asked(ops, ("a1", "Musician"))
    after = questions(ops, "a1")
    assert after == {"Musician": before["Musician"] | {"sample": True}} and before["Musician"]["sample"] is False


def test_a_sample_names_the_labels_that_give_its_tag_the_most_confident_first(ops: Ops) -> None:
    ops.fakes.rules.use(f'{ASKS}[labels.Puppy]\ntag = "Dog"\n[labels.Wolf]\ntag = "Dog"\n', 1)
    given(ops, resource("f6", {"Dog": 0.9, "Puppy": 0.3, "Wolf": 0.1, "Cat": 0.2}))
    asked(ops, ("f6", "Puppy"))
    question = questions(ops, "f6")["Dog"]
    assert [label["label"] for label in question["labels"]] == ["Dog", "Puppy"]


@pytest.mark.parametrize(
    ("rules", "because"),
    [
        ('deny = ["Hat"]\n', "under the active rules: denied, defaults.deny"),
        ('allow = ["People"]\n', "under the active rules: not allowed, defaults.allow"),
        ('[labels.Hat]\ntag = "clothes"\n', "under the active rules: below threshold, defaults.threshold"),
        ('[[when]]\nfolder = "stage"\nskip = true\n', "no label gives it under the active rules"),
        ('providers = ["google_tagging"]\n', "no label gives it under the active rules"),
    ],
)
def test_a_sample_that_later_rules_do_not_ask_any_more_says_so(ops: Ops, rules: str, because: str) -> None:
    asked(ops, ("e5", "Hat"))
    ops.fakes.rules.use(ASKS + rules, 1)
    question = questions(ops, "e5")["Hat"]
    assert (question["asked"], question["sample"], question["because"]) == (False, True, because)


def test_a_summary_counts_the_samples_of_each_tag(ops: Ops) -> None:
    asked(ops, ("e5", "Hat"), ("a1", "Musician"), ("a1", "Guitar"))
    status, found = ops.ask({"op": "review_summary"})
    assert status == 200 and (found["assets"], found["questions"]) == (5, 6)
    assert {tag["tag"]: (tag["questions"], tag["samples"]) for tag in found["tags"]} == {
        "musician": (4, 1),
        "hat": (1, 1),
        "guitar": (1, 1),
    }


def test_the_most_confident_question_comes_first_whether_it_is_a_sample_or_not(ops: Ops) -> None:
    given(ops, resource("f6", {**GUITARIST, "Musician": 0.8}), START + 9)
    asked(ops, ("f6", "Musician"))
    given(ops, resource("g7", {**GUITARIST, "Musician": 0.1}), START + 9)
    asked(ops, ("g7", "Musician"))
    found = listed(ops, tag="Musician", order="confidence", limit=100)[0]
    assert found[0] == "f6" and found[-1] == "g7" and len(found) == 6


def test_an_answer_about_a_sample_is_taken_like_any_other(ops: Ops) -> None:
    asked(ops, ("e5", "Hat"))
    told = decide(ops, ("e5", "Hat", "accept"))
    assert [one["tag"] for one in told["queued"]] == ["Hat"] and told["refused"] == []
    work(ops)
    assert "Hat" in ops.fakes.cloudinary.tags("e5") and questions(ops, "e5") == {}
    assert [one["tag"] for one in decide(ops, ("e5", "Hat", "accept"))["done"]] == ["Hat"]


def test_an_answer_about_a_sample_that_a_persons_edit_ended_is_refused(ops: Ops) -> None:
    asked(ops, ("e5", "Hat"))
    edit = person("e5", removed=("Hat",), at=ops.fakes.clock.now())
    ops.reviews.sent.append(edit)
    work(ops)
    (refused,) = decide(ops, ("e5", "Hat", "accept"))["refused"]
    assert "there is no question about 'Hat'" in refused["why"] and questions(ops, "e5") == {}


def test_the_state_shows_samples_among_what_people_are_asked_about(ops: Ops) -> None:
    asked(ops, ("a1", "Guitar"))
    _, shown = ops.ask({"op": "show", "asset": "a1"})
    assert shown["tags"]["review"] == ["Musician", "Guitar"]
