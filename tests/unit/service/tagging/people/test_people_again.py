"""A person's change that comes again, is told late, or wants a read: what it costs, and that nothing of it is lost."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetDeleted, MessageOrigin, TagsEdited
from autotag.domain.state.asset_state import Op, Poll
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_faults_size import noise
from tests.unit.service.tagging.faults.test_meanwhile import MINUTE
from tests.unit.service.tagging.tagged_asset import given_tagged


def test_a_change_that_comes_twice_is_written_and_recorded_once() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    change = person(removed=("Guitar",), at=fakes.clock.now())
    handle(fakes.deps, change, fakes.remaining)
    rev, sent = fakes.store.items["a1"].rev, len(fakes.bus.sent)
    handle(fakes.deps, change, fakes.remaining)

    assert fakes.store.items["a1"].rev == rev and fakes.telemetry.counts["Duplicate"] == 1
    assert len(fakes.audits.records) == 2 and len(fakes.bus.sent) == sent + 1  # to announce again is safe


def test_a_change_that_comes_twice_has_no_waiting_asset_read_early() -> None:
    fakes = Fakes()
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    change = person(added=("press",), at=fakes.clock.now())
    for _ in range(2):
        handle(fakes.deps, change, fakes.remaining)
        fakes.clock.advance(600)

    assert fakes.cloudinary.reads == []


@pytest.mark.parametrize("bus_is_down", [False, True])
def test_a_record_whose_writer_died_is_announced_though_another_notification_told_the_same(bus_is_down: bool) -> None:
    fakes = given_tagged()
    again = resource("a1", GUITARIST | {"Cat": 0.9})
    fakes.cloudinary.assets["a1"]["info"] = again["info"]
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    handle(fakes.deps, upload(again, fakes.clock.now(), "d2"), fakes.remaining)
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    at = fakes.clock.now()
    fakes.effects.die_at = (fakes.effects.done, "after")  # the record is written, and nothing else
    with pytest.raises(Died):
        handle(fakes.deps, person(removed=("Guitar",), at=at, digest="p1"), fakes.remaining)
    fakes.effects.die_at = None
    handle(fakes.deps, person(removed=("Guitar",), at=at, digest="p2"), fakes.remaining)
    come_to_rest(fakes)
    assert len(fakes.audits.records) == 4 and len(fakes.bus.sent) == 3
    fakes.bus.fails = Retryable("EventBridge: InternalException") if bus_is_down else None
    for _ in range(2):
        handle(fakes.deps, person(removed=("Guitar",), at=at, digest="p1"), fakes.remaining)
    assert len(fakes.store.items["a1"].outbox) == bus_is_down
    fakes.bus.fails = None
    come_to_rest(fakes)

    check(fakes)


def test_a_record_that_is_to_be_announced_finds_the_state_changed_and_is_not_forgotten() -> None:
    fakes = given_tagged()
    at = fakes.clock.now()
    fakes.bus.fails = Retryable("EventBridge: InternalException")
    handle(fakes.deps, person(removed=("Guitar",), at=at, digest="p1"), fakes.remaining)
    fakes.store.items["a1"] = replace(fakes.store.items["a1"], outbox=())  # as a process that died left it
    fakes.effects.meanwhile[fakes.effects.done] = lambda: handle(
        fakes.deps, person(added=("press",), at=at + 1), fakes.remaining
    )
    handle(fakes.deps, person(removed=("Guitar",), at=at, digest="p1"), fakes.remaining)
    state = fakes.store.items["a1"]
    assert len(state.outbox) == 1 and state.people.keys() == {"guitar", "press"}
    fakes.bus.fails = None
    come_to_rest(fakes)

    check(fakes)


@pytest.mark.parametrize(
    ("before", "op", "by_hand", "read"),
    [
        ("unknown", "add", False, True),
        ("unknown", "add", True, False),
        ("unknown", "remove", False, False),
        ("pending", "add", False, False),
        ("gone", "add", False, False),
        ("labelled", "add", False, False),
    ],
)
def test_an_asset_without_labels_is_read_for_a_tag_that_cloudinary_may_have_added_itself(
    before: str, op: Op, by_hand: bool, read: bool
) -> None:
    """Out of the hints' share. In the console nothing but a person adds tags."""
    fakes = Fakes()
    if before != "unknown":
        body = resource("a1", {"Cat": 0.2}, status="complete" if before == "labelled" else "pending")
        handle(fakes.deps, upload(body), fakes.remaining)
    ref = AssetRef("a1", "stage/a1", "image", "upload", 0)
    if before == "gone":
        handle(fakes.deps, AssetDeleted(ref, START + MINUTE, MessageOrigin("delete", "x")), fakes.remaining)
    waits = fakes.store.items["a1"].poll if before != "unknown" else None
    fakes.limits.hints = 0
    tags: dict[Op, tuple[str, ...]] = {"add": (), "remove": (), op: ("Guitar",)}
    source = MessageOrigin("resource_tags_changed", "p")
    change = TagsEdited(ref, START + 2 * MINUTE, "someone", source, tags["add"], tags["remove"], by_hand)
    handle(fakes.deps, change, fakes.remaining)

    poll = fakes.store.items["a1"].poll
    if read:
        assert poll is not None and poll.hint and poll.attempts == 0
    else:
        assert poll == waits


@pytest.mark.parametrize("op", ["add", "remove"])
def test_a_late_change_that_a_call_of_the_service_undid_is_repaired_and_the_repair_is_no_persons(op: Op) -> None:
    """Neither for the tags of the service nor for others; its notification may come before the repair is stored."""
    fakes = given_tagged()
    late = fakes.clock.now()
    fakes.rules.use("[defaults]\nthreshold = 0.7\n" if op == "remove" else "[defaults]\nthreshold = 0.9\n", 1)
    again = resource("a1", GUITARIST | ({"Cat": 0.9} if op == "remove" else {"Guitar": 0.1}))
    fakes.cloudinary.assets["a1"]["info"] = again["info"]
    fakes.clock.advance(60)
    handle(fakes.deps, upload(again, fakes.clock.now(), "d2"), fakes.remaining)
    tag = "Cat" if op == "remove" else "Guitar"
    assert (tag in fakes.cloudinary.tags("a1")) == (op == "remove")
    fakes.clock.advance(60)
    source = MessageOrigin("resource_tags_changed", "p")
    ref = fakes.store.items["a1"].asset
    added, removed = ((tag,), ()) if op == "add" else ((), (tag,))
    echoes: list[TagsEdited] = []

    def echo(asset_id: str, done: Op, tags: tuple[str, ...]) -> None:
        changed = {"added" if done == "add" else "removed": tags}
        echoes.append(person(**changed, at=fakes.clock.now(), by="222", digest="e"))  # type: ignore[arg-type]
        fakes.effects.meanwhile[fakes.effects.done] = lambda: handle(fakes.deps, echoes[-1], fakes.remaining)

    fakes.cloudinary.on_change = echo
    handle(fakes.deps, TagsEdited(ref, late, "someone", source, added, removed), fakes.remaining)

    assert len(echoes) == 1 and (tag in fakes.cloudinary.tags("a1")) == (op == "add")
    preference = fakes.store.items["a1"].people[tag.casefold()]
    assert (preference.want, preference.at) == (op, late)
    come_to_rest(fakes)
    check(fakes)


def test_what_was_merged_while_a_repair_was_made_is_decided_at_once() -> None:
    fakes = given_tagged()
    body = resource("a1", {"Dog": 0.9}, version=START // 1000 + 9000)
    at = fakes.clock.now()
    fakes.effects.meanwhile[fakes.effects.done + 1] = lambda: handle(
        fakes.deps, upload(body, at + MINUTE, "d2"), fakes.remaining
    )
    handle(fakes.deps, person(removed=("Guitar",), at=START - MINUTE), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.dirty is None and set(state.managed_tags) == {"Dog"}


def test_a_change_for_which_there_is_no_room_at_all_is_counted_recorded_and_announced_and_reads_nothing() -> None:
    fakes = given_tagged()
    fakes.store.measured = True
    calls = {f"{n:04d}{'w' * 250}": replace(fakes.store.items["a1"].writes["Guitar"]) for n in range(1340)}
    due = Poll(0, 0, fakes.clock.time + 10**9)
    fakes.store.items["a1"] = replace(fakes.store.items["a1"], writes=calls, poll=due)
    tags = tuple(f"{n:04d}" + "x" * 250 for n in range(40))
    handle(fakes.deps, person(added=tags, removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)

    assert fakes.telemetry.counts["Failed"] == 1 and fakes.cloudinary.reads == []
    (*_, record) = fakes.audits.records.values()
    assert record.outcome == "failed" and "to 41 tags is too large" in str(record.reason)
    assert fakes.bus.sent[-1] == record


def test_a_change_that_takes_the_room_of_labels_keeps_when_the_asset_is_read() -> None:
    fakes = given_tagged()
    fakes.store.measured = True
    body = resource("a1", dict.fromkeys(noise(300, 200), 0.3))
    labels = upload(body, START + MINUTE, "d2").categorizations
    waits = Poll(fakes.clock.time + 10**9, 3, fakes.clock.time + 10**9)
    known = fakes.store.items["a1"]
    calls = {f"{n:04d}{'w' * 250}": known.writes["Guitar"] for n in range(500)}
    fakes.store.items["a1"] = replace(known, categorizations=labels, poll=waits, writes=known.writes | calls)
    tags = tuple(f"{n:04d}" + "y" * 250 for n in range(200))
    handle(fakes.deps, person(removed=("Guitar", *tags), at=fakes.clock.now()), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "remove" and state.categorizations == {} and state.poll == waits
