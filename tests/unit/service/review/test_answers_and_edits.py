"""Answers, and edits of the same tag in Cloudinary: the later one counts, whichever arrives first."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import Message, hint
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.guitarist import (
    ASKS,
    answer,
    audits,
    do,
    guitarist,
    one_answer,
    stored,
    would_ask,
)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_a_younger_wish_of_a_person_stands_whatever_was_answered_before(fakes: Fakes, verdict: str) -> None:
    message = one_answer(fakes, verdict)
    fakes.cloudinary.assets["a1"]["tags"].append("Musician")
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now()), fakes.remaining)
    fakes.cloudinary.assets["a1"]["tags"].remove("Musician")
    handle(fakes.deps, person(removed=("Musician",), at=fakes.clock.now()), fakes.remaining)
    do(fakes, message)

    assert "Musician" not in fakes.cloudinary.tags("a1") and audits(fakes) == []


def test_a_person_who_removes_an_accepted_tag_meanwhile_has_the_last_word(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    do(fakes, answer(fakes, accept=("Musician",)))
    handle(fakes.deps, person(removed=("Musician",), at=fakes.clock.now()), fakes.remaining)
    come_to_rest(fakes)

    assert "Musician" not in fakes.cloudinary.tags("a1")
    assert stored(fakes).people["musician"].want == "remove" and stored(fakes).review == ("Performer",)
    check(fakes)


def test_a_person_who_adds_the_tag_answers_the_question(fakes: Fakes) -> None:
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now()), fakes.remaining)

    assert stored(fakes).review == ("Performer",)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_from_before_the_tag_was_added_counts_no_more(verdict: str) -> None:
    """Whether a person added it, or Cloudinary did, is not known: it was within seconds of the labels."""
    fakes = Fakes(ASKS)
    fakes.cloudinary.assets["a1"] = resource("a1", {"Musician": 0.6})
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    message = one_answer(fakes, verdict)
    fakes.cloudinary.assets["a1"]["tags"].append("Musician")
    handle(fakes.deps, person(added=("Musician",), at=fakes.clock.now() + 1), fakes.remaining)
    calls = len(fakes.cloudinary.calls)
    do(fakes, message)

    assert "musician" not in stored(fakes).people and len(fakes.cloudinary.calls) == calls
    assert "Musician" in fakes.cloudinary.tags("a1")


@pytest.mark.parametrize("hinted", [False, True])
@pytest.mark.parametrize("verdict", ["accept", "reject"])
@pytest.mark.parametrize("did", ["added", "removed"])
def test_an_edit_before_an_answer_that_is_told_after_it_ends_as_if_it_had_been_told_first(
    verdict: str, did: str, hinted: bool
) -> None:
    """Nobody would have been asked about the tag."""
    ends = []
    for late in (False, True):
        fakes = guitarist()
        body = fakes.cloudinary.assets["a1"]
        if did == "added":
            body["tags"] = [*body["tags"], "Musician"]
        edit: Message = person(**{did: ("Musician",)}, at=fakes.clock.now())  # type: ignore[arg-type]
        edit = hint(edit) if hinted else edit  # type: ignore[arg-type]
        fakes.clock.advance(1)
        messages = [edit, one_answer(fakes, verdict)]
        for message in messages[::-1] if late else messages:
            handle(fakes.deps, message, fakes.remaining)
        come_to_rest(fakes)
        preference = stored(fakes).people["musician"]
        ends.append(
            (fakes.cloudinary.tags("a1"), preference.want, preference.at, preference.answer, stored(fakes).review)
        )
    if hinted and (verdict, did) == ("accept", "removed"):
        assert "Musician" in ends[1][0]  # a read does not show that a tag that we wrote had been removed before
    else:
        assert ends[0] == ends[1] and ends[0][1] == ("add" if did == "added" else "remove") and ends[0][3] == ""


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_edit_that_was_known_when_an_answer_was_given_ends_it_no_more_when_it_comes_again(verdict: str) -> None:
    """A person added a tag and took it off again; that was cleared, so that it is asked about once more."""
    fakes = guitarist()
    edits = [person(added=("Musician",), at=fakes.clock.now()), person(removed=("Musician",), at=fakes.clock.now())]
    for edit in edits:
        handle(fakes.deps, edit, fakes.remaining)
    fakes.clock.advance(60)
    do(fakes, answer(fakes, clear=("Musician",)))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    fakes.clock.advance(60)
    fakes.rules.use(ASKS + "# asked again\n", 1)
    assert "Musician" in would_ask(fakes)[1]
    fakes.store.items["a1"] = replace(stored(fakes), review=("Musician", "Performer"))
    do(fakes, one_answer(fakes, verdict))
    answered = stored(fakes).people["musician"]
    assert answered.answer and answered.after
    for edit in edits:
        handle(fakes.deps, edit, fakes.remaining)
    assert stored(fakes).people["musician"] == answered
