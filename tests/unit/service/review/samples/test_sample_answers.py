"""Answers about labels that were asked about at random: they count like any other, and the sample keeps them."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import ReviewAnswered
from autotag.domain.model.verdicts import Bar
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.samples import person
from tests.unit.service.review.samples.hatted import ask, hatted, sample, waiting
from tests.unit.service.settle import check
from tests.unit.service.tagging.people.guitarist import ASKS, answer, audits, do, stored, undo, would_ask

QUESTIONS = ("Musician", "Performer")


@pytest.fixture
def fakes() -> Fakes:
    """A person is asked at random about a hat."""
    fakes = hatted()
    ask(fakes)
    return fakes


def said(fakes: Fakes, verdict: str, tag: str = "Hat") -> ReviewAnswered:
    """Let a person answer about a tag, a minute later than what was before."""
    fakes.clock.advance(60)
    return do(fakes, replace(answer(fakes, digest=f"{verdict} {tag}"), **{verdict: (tag,)}))


def kept_answer(fakes: Fakes, tag: str = "Hat") -> tuple[str, int]:
    found = sample(fakes, label_key(tag))
    return found.answer, found.answered_at


def test_accepting_a_label_below_every_bar_writes_its_tag(fakes: Fakes) -> None:
    message = said(fakes, "accept")
    assert fakes.cloudinary.tags("a1") == {"press", "People", "Guitar", "Hat"}
    assert kept_answer(fakes) == ("accept", message.observed_at) and waiting(fakes) == QUESTIONS
    preference = stored(fakes).people["hat"]
    assert (preference.want, preference.labels, preference.bars) == ("add", ("hat",), {"hat": Bar(0.7, 0.5)})
    (audit,) = audits(fakes)
    assert (audit.tags.added, audit.tags.review) == (("Hat",), QUESTIONS)
    assert [(each.label, each.outcome, each.tag) for each in audit.labels] == [("Hat", "kept", "Hat")]
    check(fakes)


def test_rejecting_a_label_below_every_bar_suppresses_it(fakes: Fakes) -> None:
    message = said(fakes, "reject")
    assert kept_answer(fakes) == ("reject", message.observed_at) and waiting(fakes) == QUESTIONS
    fakes.rules.use("[defaults]\nthreshold = 0.1\n", 1)
    assert "Hat" not in would_ask(fakes)[0]
    check(fakes)


def test_accepting_a_tag_that_is_there_confirms_it(fakes: Fakes) -> None:
    ask(fakes, "Guitar")
    said(fakes, "accept", "Guitar")
    assert "Guitar" in fakes.cloudinary.tags("a1") and "Guitar" not in stored(fakes).managed_tags
    assert stored(fakes).people["guitar"].want == "add" and kept_answer(fakes, "Guitar")[0] == "accept"
    check(fakes)


def test_rejecting_a_tag_that_is_there_removes_and_suppresses_it(fakes: Fakes) -> None:
    ask(fakes, "Guitar")
    said(fakes, "reject", "Guitar")
    assert "Guitar" not in fakes.cloudinary.tags("a1") and "Guitar" not in would_ask(fakes)[0]
    assert kept_answer(fakes, "Guitar")[0] == "reject" and "Guitar" not in stored(fakes).managed_tags
    check(fakes)


def test_an_answer_about_a_tag_in_review_ends_both_questions(fakes: Fakes) -> None:
    ask(fakes, "Musician")
    said(fakes, "reject", "Musician")
    assert stored(fakes).review == ("Performer",) and waiting(fakes) == ("Performer", "Hat")
    assert kept_answer(fakes, "Musician")[0] == "reject"


@pytest.mark.parametrize("verdict", ["accept", "reject"])
@pytest.mark.parametrize("tag", ["Hat", "Guitar"])
def test_an_answer_that_is_taken_back_asks_again_as_before(fakes: Fakes, verdict: str, tag: str) -> None:
    ask(fakes, "Guitar")
    before, there = stored(fakes), fakes.cloudinary.tags("a1")
    message = said(fakes, verdict, tag)
    fakes.clock.advance(60)
    do(fakes, undo(fakes, message, tag))

    state = stored(fakes)
    assert (state.samples, state.review, state.managed_tags) == (before.samples, before.review, before.managed_tags)
    assert fakes.cloudinary.tags("a1") == there and waiting(fakes) == (*QUESTIONS, "Hat", "Guitar")
    other = "accept" if verdict == "reject" else "reject"
    said(fakes, other, tag)
    assert kept_answer(fakes, tag)[0] == other
    check(fakes)


def test_a_rejection_that_is_cleared_is_no_answer_any_more(fakes: Fakes) -> None:
    said(fakes, "reject")
    said(fakes, "clear")
    assert kept_answer(fakes) == ("", 0) and "Hat" in waiting(fakes)


@pytest.mark.parametrize("op", ["added", "removed"])
def test_a_persons_edit_ends_the_question_without_an_answer(fakes: Fakes, op: str) -> None:
    handle(fakes.deps, person("a1", **{op: ("Hat",)}, at=fakes.clock.now()), fakes.remaining)  # type: ignore[arg-type]
    assert waiting(fakes) == QUESTIONS and kept_answer(fakes) == ("", 0)
    before = stored(fakes)
    said(fakes, "accept")
    assert stored(fakes) == before


def test_a_persons_later_edit_leaves_the_answer_for_its_reader_to_compare(fakes: Fakes) -> None:
    message = said(fakes, "accept")
    fakes.cloudinary.assets["a1"]["tags"].remove("Hat")
    fakes.clock.advance(600)
    handle(fakes.deps, person("a1", removed=("Hat",), at=fakes.clock.now()), fakes.remaining)
    assert kept_answer(fakes) == ("accept", message.observed_at) and waiting(fakes) == QUESTIONS


def test_an_answer_gives_way_to_an_older_edit_that_comes_late_and_is_none_any_more(fakes: Fakes) -> None:
    fakes.clock.advance(60)
    at = fakes.clock.now()
    said(fakes, "accept")
    handle(fakes.deps, person("a1", removed=("Hat",), at=at), fakes.remaining)
    assert stored(fakes).people["hat"].want == "remove" and kept_answer(fakes) == ("", 0)
    assert waiting(fakes) == QUESTIONS


def test_an_answer_that_cloudinary_refuses_is_none_and_the_sample_asks_again(fakes: Fakes) -> None:
    before = stored(fakes)
    fakes.cloudinary.most_tags = 3
    said(fakes, "accept")
    assert [audit.outcome for audit in audits(fakes)] == ["failed"]
    assert (stored(fakes).samples, stored(fakes).review) == (before.samples, before.review)
    assert waiting(fakes) == (*QUESTIONS, "Hat") and stored(fakes).people == {}


def test_an_answer_whose_taking_back_cloudinary_refuses_holds_again(fakes: Fakes) -> None:
    ask(fakes, "Guitar")
    message = said(fakes, "reject", "Guitar")
    fakes.cloudinary.most_tags = 2
    fakes.clock.advance(60)
    do(fakes, undo(fakes, message, "Guitar"))
    assert audits(fakes)[-1].outcome == "failed"
    assert kept_answer(fakes, "Guitar") == ("reject", message.observed_at) and "Guitar" not in waiting(fakes)


def test_an_answer_that_waits_for_cloudinary_is_kept_already_and_the_question_is_gone(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("503", delay=600)]
    message = said(fakes, "accept")
    assert stored(fakes).intent is not None and waiting(fakes) == QUESTIONS
    fakes.clock.advance(601)
    a_minute(fakes)
    assert kept_answer(fakes) == ("accept", message.observed_at) and "Hat" in fakes.cloudinary.tags("a1")
    check(fakes)


def test_a_question_that_the_rules_do_not_ask_any_more_can_be_answered_and_stands_for_its_label(fakes: Fakes) -> None:
    fakes.rules.use(ASKS + '[labels.Hat]\ntag = "clothes"\n', 1)
    said(fakes, "reject")
    assert stored(fakes).people["hat"].labels == ("hat",) and kept_answer(fakes)[0] == "reject"


def test_an_answer_keeps_the_bar_of_the_rules_that_had_decided_not_of_those_pushed_since(fakes: Fakes) -> None:
    decided = fakes.rules.now[0].version[:12]
    fakes.rules.use("[defaults]\nthreshold = 0.9\nreview = 0.1\n", 1)
    said(fakes, "reject", "Musician")
    preference = stored(fakes).people["musician"]
    assert (preference.rules, preference.bars) == (decided, {"musician": Bar(0.7, 0.5)})


def test_an_answer_leaves_no_tags(fakes: Fakes) -> None:
    """Who answers one question did not look at the others."""
    said(fakes, "reject", "Musician")
    said(fakes, "accept", "Performer")
    assert stored(fakes).left == {}


def test_an_edit_in_cloudinary_keeps_its_bar_and_what_was_left(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    at = fakes.clock.now()
    handle(fakes.deps, person("a1", removed=("Guitar",), at=at), fakes.remaining)
    assert stored(fakes).people["guitar"].bars == {"guitar": Bar(0.7, 0.5)}
    assert {key: (left.at, left.bar) for key, left in stored(fakes).left.items()} == {"people": (at, Bar(0.7, 0.5))}
