"""A claim has no due entry only while a message behind it comes again by itself (HOLD, NEWS)."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import Message, MessageOrigin, ReviewAnswered
from autotag.domain.state.due_entry import due_work
from autotag.domain.state.item_size import without_refetchable
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import resource, upload
from tests.unit.service.settle import check
from tests.unit.service.tagging.faults.held.left_claims import (
    DEATH,
    DELETED,
    NEWER,
    OVERRIDDEN,
    UPLOAD,
    die_after_the_claim,
    indexed,
    open_intent,
    receive,
)


def test_a_claim_of_new_labels_has_no_due_entry(fakes: Fakes) -> None:
    assert not die_after_the_claim(fakes, UPLOAD).indexed
    assert indexed(fakes) == [] and due_work(fakes.store.items["a1"]) is not None


def test_so_has_a_claim_for_a_person(fakes: Fakes) -> None:
    receive(fakes, UPLOAD)
    assert not die_after_the_claim(fakes, OVERRIDDEN).indexed


@pytest.mark.parametrize("message", [UPLOAD, OVERRIDDEN], ids=["labels", "person"])
def test_a_message_that_comes_again_finishes_what_its_dead_owner_claimed_without_the_poller(
    fakes: Fakes, message: Message
) -> None:
    if message is OVERRIDDEN:
        receive(fakes, UPLOAD)
    die_after_the_claim(fakes, message)
    fakes.clock.advance(DEATH)
    receive(fakes, message, before=True)

    check(fakes)
    wanted = {"People"} if message is OVERRIDDEN else {"People", "Guitar"}
    assert fakes.cloudinary.tags("a1") == wanted and indexed(fakes) == []
    assert len([a for a in fakes.audits.records.values() if a.trigger.kind == "webhook"]) == 1


def test_hold_a_message_whose_claim_could_not_be_finished_stays_in_the_queue(fakes: Fakes) -> None:
    """The table of audits is down: no entry is put, so the message may not be deleted."""
    fakes.effects.die_at, fakes.effects.error = (2, "before"), Retryable("DynamoDB: throttled")  # claim, call, audit
    with pytest.raises(Retryable):
        receive(fakes, UPLOAD)
    assert not open_intent(fakes).indexed
    fakes.clock.advance(DEATH)
    receive(fakes, UPLOAD, before=True)
    check(fakes)
    assert fakes.outcomes() == ["tagged"]


def slimmed(fakes: Fakes) -> Message:
    """A state that was slimmed for room: a message that was handled long ago seems to tell something new."""
    receive(fakes, UPLOAD)
    known = fakes.store.items["a1"]
    fakes.store.items["a1"] = without_refetchable(replace(known, decided="given up"))
    fakes.cloudinary.assets["a1"] = resource("a1", {"People": 0.99, "Cat": 0.9})
    return UPLOAD


def from_our_own_key(fakes: Fakes) -> Message:
    receive(fakes, UPLOAD)
    return replace(OVERRIDDEN, by=next(iter(fakes.cloudinary.own_keys())))


def deletion(fakes: Fakes) -> Message:
    receive(fakes, UPLOAD)
    return DELETED


def answer(fakes: Fakes) -> Message:
    fakes.rules.use("[defaults]\nthreshold = 0.7\nreview = 0.5\n", 0)
    receive(fakes, UPLOAD)
    return ReviewAnswered("a1", 100, "ada", START + 60_000, MessageOrigin("review", "0" * 12), accept=("Musician",))


def labels_that_a_read_shows(fakes: Fakes) -> Message:
    """The notification says no labels; the asset is read at once, and the read may show others next time."""
    body = resource("a1", status="none")
    return replace(upload(body), facts=None)


GUARDED_BY_NO_MESSAGE = [slimmed, from_our_own_key, deletion, answer, labels_that_a_read_shows]


@pytest.mark.parametrize("given", GUARDED_BY_NO_MESSAGE)
def test_news_a_claim_by_a_message_that_may_have_been_deleted_has_a_due_entry(
    fakes: Fakes, given: Callable[[Fakes], Message]
) -> None:
    message = given(fakes)
    assert die_after_the_claim(fakes, message).indexed
    assert indexed(fakes) == ["a1"]


def test_news_a_claim_at_the_last_receive_has_a_due_entry(fakes: Fakes) -> None:
    """After its last receive a message goes to the dead letters, and nobody comes back to what it claimed."""
    assert die_after_the_claim(fakes, UPLOAD, before=True).indexed


def test_news_a_claim_by_a_follow_up_has_a_due_entry(fakes: Fakes) -> None:
    """Newer labels are merged beside the intent, their message is deleted, and the owner decides again."""
    claims: list[bool] = []

    def look() -> None:
        state = fakes.store.items.get("a1")
        if state is not None and state.intent is not None:
            claims.append(state.intent.indexed)

    fakes.effects.meanwhile[1] = lambda: receive(fakes, NEWER)  # before the call
    fakes.effects.turn = look
    receive(fakes, UPLOAD)
    fakes.effects.turn = lambda: None
    assert claims[0] is False and claims[-1] is True
    assert len(fakes.audits.records) == 2
