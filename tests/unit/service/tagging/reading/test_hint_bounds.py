"""What hints and unreadable answers may cost: reads, and room in an asset's state."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Permanent, Retryable
from autotag.domain.model.messages import LabelsObserved, MessageOrigin, RefetchAsset
from autotag.domain.state.asset_state import Poll, Write
from autotag.domain.state.due_entry import due_work
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import decide_again
from tests.unit.service.tagging.reading.hinted_asset import DAY, sweep_for
from tests.unit.service.tagging.tagged_asset import given_tagged


def given_measured() -> Fakes:
    """An asset that was uploaded, decided on and tagged, in a table that has no more room than DynamoDB's."""
    fakes = given_tagged()
    fakes.store.measured = True
    return fakes


def removal(fakes: Fakes, tags: tuple[str, ...], digest: str = "h") -> RefetchAsset:
    """Return a hint that anybody may have sent."""
    return RefetchAsset(
        "a1", fakes.clock.now(), MessageOrigin("resource_tags_changed", digest), by="forger", removed=tags
    )


def test_an_answer_that_is_not_understood_is_asked_for_until_the_deadline_and_audited_as_failed() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    del fakes.cloudinary.assets["a1"]["version"]
    sweep_for(fakes, 1.2)
    reads = len(fakes.cloudinary.reads)
    sweep_for(fakes, 1)

    assert len(fakes.cloudinary.reads) == reads and due_work(fakes.store.items["a1"]) is None
    (audit,) = fakes.audits.records.values()
    assert audit.outcome == "failed" and "is not understood" in str(audit.reason)


@pytest.mark.parametrize("answer", ["refused", "not understood"])
def test_a_hint_whose_read_is_refused_or_not_understood_costs_that_one_read(answer: str) -> None:
    fakes = Fakes()
    if answer == "refused":
        fakes.cloudinary.fails = [Permanent("400")] * 50
    else:
        fakes.cloudinary.assets["x"] = {"asset_id": "x"}
    handle(fakes.deps, RefetchAsset("x", START, MessageOrigin("upload", "h")), fakes.remaining)
    sweep_for(fakes, 2)

    assert len(fakes.cloudinary.reads) == 1 and due_work(fakes.store.items["x"]) is None
    assert fakes.audits.records == {} and fakes.telemetry.counts["HintsDropped"] == 1


def test_a_pending_asset_that_is_gone_is_closed_though_it_was_announced_with_a_time_to_come() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), START + 10 * DAY * 1000), fakes.remaining)
    fakes.cloudinary.assets.clear()
    sweep_for(fakes, 1.2)

    assert fakes.store.items["a1"].status == "gone" and due_work(fakes.store.items["a1"]) is None


def test_an_asset_past_its_deadline_is_counted_once_though_its_message_comes_again() -> None:
    fakes = Fakes()
    seen = upload(resource("a1", GUITARIST))
    labels = LabelsObserved(seen.asset, seen.categorizations, START, MessageOrigin("info", "i"))
    fakes.cloudinary.fails = [Retryable("503")] * 2000
    handle(fakes.deps, labels, fakes.remaining)
    sweep_for(fakes, 1.5)
    for _ in range(3):
        handle(fakes.deps, labels, fakes.remaining)
        sweep_for(fakes, 0.2)

    assert fakes.telemetry.counts["PendingPastDeadline"] == 1


def test_one_hint_of_many_long_tags_costs_one_read_and_takes_no_room_from_people() -> None:
    fakes = given_measured()
    handle(fakes.deps, removal(fakes, tuple(f"{n:04d}" + "x" * 240 for n in range(700))), fakes.remaining)
    assert len(fakes.cloudinary.reads) == 1 and due_work(fakes.store.items["a1"]) is None
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "remove" and set(state.managed_tags) == {"People"} and not state.claims
    assert len(fakes.cloudinary.reads) == 1 and fakes.telemetry.counts["HintsDropped"] == 1


def test_many_hints_together_take_no_room_from_people() -> None:
    fakes = given_measured()
    for n in range(20):
        tags = tuple(f"{n:02d}{i:04d}" + "x" * 200 for i in range(100))
        handle(fakes.deps, removal(fakes, tags, digest=f"h{n}"), fakes.remaining)
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].people["guitar"].want == "remove"
    assert fakes.cloudinary.tags("a1") == {"People"} and "Failed" not in fakes.telemetry.counts


def test_claims_that_find_no_room_beside_what_is_known_of_the_asset_take_the_room_of_what_can_be_read_again() -> None:
    fakes = given_measured()
    names = ["".join(chr(0x4E00 + (n * 7919 + i * 104729) % 20000) for i in range(110)) for n in range(900)]
    labels = dict.fromkeys(names, 0.3)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST | labels, tags=("People",))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    fakes.clock.advance(60)
    handle(fakes.deps, removal(fakes, ("Guitar", *(f"{n:04d}" + "y" * 150 for n in range(250)))), fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "remove" and not state.claims


def test_a_hint_whose_read_shows_an_older_picture_costs_that_one_read() -> None:
    """Cloudinary's answers may lag behind its notifications."""
    fakes = given_measured()
    newer = resource("a1", GUITARIST, version=200)
    handle(fakes.deps, upload(newer, fakes.clock.now(), "d2"), fakes.remaining)
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h")), fakes.remaining)
    sweep_for(fakes, 2)

    assert len(fakes.cloudinary.reads) == 1 and due_work(fakes.store.items["a1"]) is None


def test_what_a_hint_that_was_dropped_had_said_stands_in_the_way_of_nothing() -> None:
    fakes = given_measured()
    fakes.limits.hints = 0
    said = RefetchAsset(
        "a1", fakes.clock.now(), MessageOrigin("resource_tags_changed", "h"), by="forger", added=("Guitar",)
    )
    handle(fakes.deps, said, fakes.remaining)
    sweep_for(fakes, 2)
    assert due_work(fakes.store.items["a1"]) is None and fakes.telemetry.counts["HintsDropped"] == 1
    decide_again(fakes, "[defaults]\nthreshold = 0.9\n", 1)

    assert fakes.cloudinary.tags("a1") == {"People"}


def test_a_later_hint_has_time_of_its_own() -> None:
    fakes = given_measured()
    fakes.limits.hints = 0
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h1")), fakes.remaining)
    sweep_for(fakes, 0.8)
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h2")), fakes.remaining)
    sweep_for(fakes, 0.5)
    assert fakes.cloudinary.reads == []
    fakes.limits.hints = 10
    sweep_for(fakes, 0.2)

    assert fakes.cloudinary.reads == ["a1"] and due_work(fakes.store.items["a1"]) is None


def test_hints_that_wait_for_their_share_keep_no_pending_asset_waiting() -> None:
    fakes = Fakes()
    fakes.limits.hints = 0
    for n in range(40):
        handle(fakes.deps, RefetchAsset(f"x{n}", fakes.clock.now(), MessageOrigin("upload", "h")), fakes.remaining)
    fakes.clock.advance(1900)  # all of them are due again
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    sweep_for(fakes, 0.1)

    assert fakes.store.items["a1"].status == "tagged" and set(fakes.cloudinary.reads) == {"a1"}


def test_an_asset_that_a_hint_shows_to_be_waiting_for_labels_is_polled_until_they_come() -> None:
    """It was known without labels; then it is categorized by an update, of which there is only a hint."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="none")
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    assert fakes.store.items["a1"].status == "skipped"
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h")), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    sweep_for(fakes, 0.5)

    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}


@pytest.mark.parametrize("hinted", [True, False])
def test_what_people_are_said_to_have_done_is_dropped_where_there_is_no_room_for_it_at_all(hinted: bool) -> None:
    """Beside calls of ours for very many long tags; else the asset would be read again and again."""
    fakes = given_measured()
    said = ("Guitar", *(f"{n:04d}" + "x" * 250 for n in range(200)))
    if hinted:
        fakes.limits.hints = 0
        handle(fakes.deps, removal(fakes, said), fakes.remaining)
        fakes.limits.hints = 10
    state = fakes.store.items["a1"]
    calls = {f"{n:04d}{'w' * 250}": Write("remove", START, 100) for n in range(1260 if hinted else 1380)}
    due_now = Poll(0, 0, fakes.clock.time + DAY * 1000, hint=hinted)
    fakes.store.items["a1"] = replace(state, writes=state.writes | calls, poll=due_now)
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    sweep_for(fakes, 0.1)

    after = fakes.store.items["a1"]
    assert after.claims == {} and after.people == {} and due_work(after) is None
    assert len(fakes.cloudinary.reads) == 1 and fakes.telemetry.counts.get("HintsDropped", 0) == hinted
    assert "item_too_large" in [event for event, _ in fakes.telemetry.lines]


@pytest.mark.parametrize("overtaken", [False, True])
def test_a_hint_whose_claims_find_no_room_has_the_asset_read_out_of_the_hints_share_all_the_same(
    overtaken: bool,
) -> None:
    fakes = given_measured()
    fakes.limits.hints = 0
    state = fakes.store.items["a1"]
    calls = {f"{n:04d}{'w' * 250}": Write("remove", START, 100) for n in range(1330)}
    fakes.store.items["a1"] = replace(state, writes=state.writes | calls)
    puts = iter(range(100))

    def other() -> None:
        if overtaken and next(puts) == 1:
            known = fakes.store.items["a1"]
            fakes.store.items["a1"] = replace(known, rev=known.rev + 1)

    fakes.store.before_put = other
    handle(fakes.deps, removal(fakes, tuple(f"{n:04d}" + "x" * 250 for n in range(60))), fakes.remaining)

    after = fakes.store.items["a1"]
    assert after.claims == {} and after.poll is not None and after.poll.hint
