"""What an undo leaves alone: people's later edits, tags that were there before, other answers and other versions."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import AssetDeleted, MessageOrigin
from autotag.domain.state.tag_ownership import user_tags_of
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.guitarist import (
    LABELS,
    answer,
    audits,
    do,
    id_of,
    one_answer,
    stored,
    undo,
    upload_again,
    would_ask,
)


def tell(fakes: Fakes, *, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> None:
    """Let a person change tags in Cloudinary, and their change be told."""
    tags = fakes.cloudinary.assets["a1"]["tags"]
    fakes.cloudinary.assets["a1"]["tags"] = [*(tag for tag in tags if tag not in removed), *added]
    handle(fakes.deps, person(added=added, removed=removed, at=fakes.clock.now()), fakes.remaining)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
@pytest.mark.parametrize("how", ["added", "removed"])
def test_what_a_person_did_in_cloudinary_since_stands(fakes: Fakes, verdict: str, how: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    tell(fakes, removed=("Musician",))
    if how == "added":
        tell(fakes, added=("Musician",))
    before, tags = stored(fakes), fakes.cloudinary.tags("a1")
    do(fakes, undo(fakes, given))

    assert stored(fakes) == before and fakes.cloudinary.tags("a1") == tags and len(audits(fakes)) == 1


@pytest.mark.parametrize("how", ["added", "removed"])
def test_a_person_who_speaks_while_an_accept_is_taken_back_has_the_last_word(fakes: Fakes, how: str) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    do(fakes, undo(fakes, given))
    tell(fakes, removed=("Musician",))
    if how == "added":
        tell(fakes, added=("Musician",))
    come_to_rest(fakes)

    assert ("Musician" in fakes.cloudinary.tags("a1")) is (how == "added")
    assert stored(fakes).review == ("Performer",) and not stored(fakes).people["musician"].withdrawn
    check(fakes)


def test_a_tag_that_was_there_before_the_accept_stays(fakes: Fakes) -> None:
    there = resource("a1", LABELS, tags=("press", "People", "Guitar", "Musician"))
    fakes.cloudinary.assets["a1"] = there
    facts = upload(dict(there), fakes.clock.now()).facts
    fakes.store.items["a1"] = replace(stored(fakes), facts=facts)
    given = do(fakes, answer(fakes, accept=("Musician",)))
    calls = len(fakes.cloudinary.calls)
    do(fakes, undo(fakes, given))

    assert "Musician" in fakes.cloudinary.tags("a1") and len(fakes.cloudinary.calls) == calls
    assert "Musician" in user_tags_of(stored(fakes)) and "Musician" in stored(fakes).review


def test_a_tag_that_is_taken_back_does_not_count_as_a_persons_since_it_was_seen_there(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    seen = upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now()).facts
    fakes.store.items["a1"] = replace(stored(fakes), facts=seen)
    assert seen is not None and "Musician" in seen.tags
    do(fakes, undo(fakes, given))

    assert "Musician" not in user_tags_of(stored(fakes)) and would_ask(fakes)[1] == ("Musician", "Performer")


def none_such(fakes: Fakes, what: str) -> tuple[str, str]:
    """Return the id of what is no answer that can be taken back, and a tag; a person added the tag ``mine``."""
    given = do(fakes, answer(fakes, accept=("Musician",)))
    reject = do(fakes, answer(fakes, reject=("Performer",)))
    match what:
        case "an undo":
            return id_of(do(fakes, undo(fakes, reject, "Performer"))), "Performer"
        case "a clear":
            return id_of(do(fakes, answer(fakes, clear=("Performer",)))), "Performer"
        case "a decision":
            return next(iter(fakes.audits.records)), "Musician"
        case "an answer about another tag":
            return id_of(given), "mine"
        case "another asset's":
            return f"b2{id_of(given)[2:]}", "Musician"
        case "a person's doing in Cloudinary":
            return f"a1.{stored(fakes).people['mine'].at:013d}.{'p' * 12}", "mine"
        case _:
            return f"a1.{given.observed_at:013d}.other", "Musician"


@pytest.mark.parametrize(
    "what",
    [
        *("an undo", "a clear", "a decision", "an answer about another tag", "another asset's"),
        *("a person's doing in Cloudinary", "made up"),
    ],
)
def test_nothing_but_an_accept_or_a_reject_of_that_tag_is_taken_back(fakes: Fakes, what: str) -> None:
    """A tag that a person added in Cloudinary stays theirs, whatever an id claims."""
    tell(fakes, added=("mine",))
    of, tag = none_such(fakes, what)
    before, tags, known = stored(fakes), fakes.cloudinary.tags("a1"), len(fakes.audits.records)
    do(fakes, undo(fakes, of, tag))

    assert stored(fakes) == before and fakes.cloudinary.tags("a1") == tags and len(fakes.audits.records) == known


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_an_answer_about_a_version_that_was_overwritten_is_not_taken_back(fakes: Fakes, verdict: str) -> None:
    given = do(fakes, one_answer(fakes, verdict))
    message = undo(fakes, given)
    upload_again(fakes, 200)
    before = stored(fakes)
    for late in (message, undo(fakes, given, version=200)):
        do(fakes, late)

    assert stored(fakes) == before and len(audits(fakes)) == 1


def test_the_answer_about_an_asset_that_was_deleted_is_not_taken_back(fakes: Fakes) -> None:
    given = do(fakes, answer(fakes, accept=("Musician",)))
    deleted = AssetDeleted(stored(fakes).asset, fakes.clock.now(), MessageOrigin("delete", "x"))
    handle(fakes.deps, deleted, fakes.remaining)
    do(fakes, undo(fakes, given))

    assert stored(fakes).status == "gone" and len(audits(fakes)) == 1
