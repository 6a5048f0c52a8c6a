"""Whoever may delete the message behind a claim puts its due entry first (WRITE_INDEXES, HAND)."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import AskSample, AssetRenamed, Message, MessageOrigin
from autotag.domain.state.asset_state import AssetState
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.held.left_claims import (
    DEATH,
    DELETED,
    NEWER,
    OVERRIDDEN,
    REF,
    UPLOAD,
    die_after_the_claim,
    indexed,
    open_intent,
    receive,
)

BESIDE: dict[str, Message] = {
    "newer labels": NEWER,
    "a wish": person(added=("Stage",), at=START + 5),
    "a rename": AssetRenamed(replace(REF, public_id="stage/b1"), "stage", START + 5, MessageOrigin("rename", "n1")),
    "a deletion": DELETED,
    "a question at random": AskSample("a1", 100, ("Guitar",), "ada", START + 5, MessageOrigin("sample", "s1")),
}


@pytest.mark.parametrize("what", BESIDE)
def test_write_indexes_whoever_writes_beside_an_intent_puts_its_due_entry(fakes: Fakes, what: str) -> None:
    die_after_the_claim(fakes, UPLOAD)
    receive(fakes, BESIDE[what])
    assert open_intent(fakes).indexed and indexed(fakes) == ["a1"]


def test_write_indexes_an_intent_that_is_postponed_has_a_due_entry(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("Cloudinary answered 503")]
    receive(fakes, UPLOAD)  # deleted
    assert open_intent(fakes).indexed
    come_to_rest(fakes)
    check(fakes)


def test_write_indexes_an_intent_that_is_taken_over_has_a_due_entry(fakes: Fakes) -> None:
    """The second owner's message may be another one than the first's, and be at its last receive."""
    die_after_the_claim(fakes, UPLOAD)
    fakes.clock.advance(DEATH)
    fakes.effects.die_at = (fakes.effects.done + 1, "before")  # after the take-over
    with pytest.raises(Died):
        receive(fakes, UPLOAD, before=True)
    assert open_intent(fakes).indexed and open_intent(fakes).attempts == 1
    come_to_rest(fakes)
    check(fakes)


def test_write_indexes_a_postponement_that_loses_to_a_wish_is_not_lost(fakes: Fakes) -> None:
    """The wish is written between the failed call and the postponement, which finds another state than it read."""
    fakes.cloudinary.fails = [Retryable("Cloudinary answered 503")]
    fakes.effects.meanwhile[1] = lambda: receive(fakes, person(added=("Stage",), at=START + 5))
    receive(fakes, UPLOAD)
    assert open_intent(fakes).indexed
    assert "stage" in fakes.store.items["a1"].people and open_intent(fakes).owner == ""  # given up, as it was to be
    come_to_rest(fakes)
    check(fakes)
    assert fakes.outcomes() == ["tagged"]


DUPLICATES: dict[str, tuple[list[Message], Message, Message]] = {
    "labels": ([], UPLOAD, UPLOAD),
    "a wish": ([UPLOAD], OVERRIDDEN, OVERRIDDEN),
    "a deletion": ([UPLOAD, DELETED], upload(resource("a1", {"People": 0.99, "Cat": 0.9}), START + 700_000), DELETED),
    "a name that it has": (
        [],
        UPLOAD,
        AssetRenamed(REF, "stage", START - 5, MessageOrigin("rename", "n1")),
    ),
}


@pytest.mark.parametrize("what", DUPLICATES)
def test_hand_a_message_with_nothing_to_write_puts_the_entry_of_an_intent_that_has_none(
    fakes: Fakes, what: str
) -> None:
    """It may be the owner's own message, at another process: deleting it deletes it for both."""
    before, claiming, again = DUPLICATES[what]
    for message in before:
        receive(fakes, message)
    assert not die_after_the_claim(fakes, claiming).indexed
    receive(fakes, again)
    assert open_intent(fakes).indexed
    come_to_rest(fakes)
    check(fakes)


def test_an_intent_with_an_entry_costs_a_duplicate_no_write(fakes: Fakes) -> None:
    die_after_the_claim(fakes, UPLOAD, before=True)
    writes = fakes.effects.done
    receive(fakes, UPLOAD)
    assert fakes.effects.done == writes


def test_where_no_intent_is_open_a_message_costs_no_read_more(fakes: Fakes) -> None:
    receive(fakes, UPLOAD)
    loads: list[str] = []
    load = fakes.store.load

    class Counting:
        def __getattr__(self, name: str) -> object:
            return getattr(fakes.store, name)

        def load(self, asset_id: str) -> AssetState | None:
            loads.append(asset_id)
            return load(asset_id)

    handle(replace(fakes.deps, store=Counting()), UPLOAD, fakes.remaining)
    assert loads == ["a1"]


def test_what_the_poller_finishes_is_not_done_again_by_the_message(fakes: Fakes) -> None:
    die_after_the_claim(fakes, UPLOAD, before=True)
    fakes.clock.advance(DEATH)
    a_minute(fakes)
    receive(fakes, UPLOAD, before=True)
    check(fakes)
    assert fakes.outcomes() == ["tagged"] and len(fakes.cloudinary.calls) == 1
