"""The queue's message is the retry: a claim has no due entry only while a message behind it comes again by itself."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetDeleted, AssetRenamed, Message, MessageOrigin, ReviewAnswered
from autotag.domain.state.asset_state import AssetState, Intent
from autotag.domain.state.due_entry import SHARDS, due_work
from autotag.domain.state.item_size import without_refetchable
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest

REF = AssetRef("a1", "stage/a1", "image", "upload", 100)
UPLOAD = upload(resource("a1", GUITARIST))
NEWER = upload(resource("a1", {"People": 0.99, "Cat": 0.9}, version=200), START + 9, "d2")
OVERRIDDEN = person(removed=("Guitar",), at=START - 30_000)
"""A removal just before our write, told late: it takes a call to carry it out."""
DELETED = AssetDeleted(REF, START + 600_000, MessageOrigin("delete", "x1"))
DEATH = 360
"""Seconds until the message of a process that died comes again."""


@pytest.fixture
def fakes() -> Fakes:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    return fakes


def receive(fakes: Fakes, message: Message, *, before: bool = False) -> None:
    handle(fakes.deps, message, fakes.remaining, received_before=before)


def die_after_the_claim(fakes: Fakes, message: Message, *, before: bool = False) -> Intent:
    """Handle ``message`` up to its claim; return the intent that is left."""
    with pytest.raises(Died):
        fakes.store.before_put = lambda: _die_next(fakes)
        receive(fakes, message, before=before)
    return open_intent(fakes)


def _die_next(fakes: Fakes) -> None:
    """Let the process die after this write if it opens an intent: at its next effect."""

    def look() -> None:
        state = fakes.store.items.get("a1")
        if state is not None and state.intent is not None:
            fakes.effects.turn = lambda: None
            raise Died

    fakes.effects.turn = look
    fakes.store.before_put = lambda: None


def open_intent(fakes: Fakes) -> Intent:
    intent = fakes.store.items["a1"].intent
    assert intent is not None
    return intent


def indexed(fakes: Fakes) -> list[str]:
    """Return what the poller finds, now or later."""
    late = fakes.clock.now() + 10**9
    return [due.asset_id for shard in range(SHARDS) for due in fakes.store.due("INTENT", shard, late, 10)]


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


BESIDE: dict[str, Message] = {
    "newer labels": NEWER,
    "a wish": person(added=("Stage",), at=START + 5),
    "a rename": AssetRenamed(replace(REF, public_id="stage/b1"), "stage", START + 5, MessageOrigin("rename", "n1")),
    "a deletion": DELETED,
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
