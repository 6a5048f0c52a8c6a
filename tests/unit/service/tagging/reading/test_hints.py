"""Hints cost a bounded number of reads, use their share of the budget alone, and end at a deadline."""

import pytest

from autotag.domain.errors import Missing, Permanent, Retryable
from autotag.domain.model.messages import AssetDeleted, MessageOrigin
from autotag.domain.state.due_entry import due_work
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import come_to_rest
from tests.unit.service.tagging.reading.hinted_asset import DAY, hint, sweep_for
from tests.unit.service.tagging.tagged_asset import given_tagged


@pytest.mark.parametrize("hints", [1, 2, 5])
def test_an_asset_that_never_was_costs_one_read_a_hint_and_leaves_nothing_due(hints: int) -> None:
    fakes = Fakes()
    for n in range(hints):
        handle(fakes.deps, hint("invented", digest=f"h{n}"), fakes.remaining)
    sweep_for(fakes, 2)

    assert len(fakes.cloudinary.reads) <= hints
    assert due_work(fakes.store.items["invented"]) is None and fakes.audits.records == {}


@pytest.mark.parametrize("told", [True, False])
def test_an_asset_that_is_gone_costs_one_read_a_hint_and_leaves_nothing_due(told: bool) -> None:
    fakes = given_tagged()
    ref = fakes.store.items["a1"].asset
    fakes.cloudinary.assets.clear()
    if told:
        handle(fakes.deps, AssetDeleted(ref, fakes.clock.now(), MessageOrigin("delete", "d")), fakes.remaining)
    for n in range(3):
        handle(fakes.deps, hint(digest=f"h{n}"), fakes.remaining)
    sweep_for(fakes, 2)

    assert len(fakes.cloudinary.reads) <= 3
    assert fakes.store.items["a1"].status == "gone" and due_work(fakes.store.items["a1"]) is None
    assert fakes.outcomes() == ["tagged", "gone"]


def test_hints_use_their_share_alone_and_polling_goes_on() -> None:
    fakes = Fakes()
    fakes.limits.hints = 10
    for n in range(50):
        handle(fakes.deps, hint(f"invented{n}"), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    fakes.clock.advance(120)
    a_minute(fakes)

    assert len(fakes.cloudinary.reads) == 11 and fakes.cloudinary.reads[-1] == "a1"
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}


def test_hints_beyond_their_share_are_followed_later_and_one_after_the_deadline_is_dropped() -> None:
    fakes = Fakes()
    fakes.limits.hints = 3
    for n in range(6):
        handle(fakes.deps, hint(f"invented{n}"), fakes.remaining)
    fakes.clock.advance(3600)
    fakes.limits.hints = 1
    a_minute(fakes)
    assert len(fakes.cloudinary.reads) == 4
    fakes.clock.advance(2 * DAY)
    sweep_for(fakes, 0.1)

    assert len(fakes.cloudinary.reads) == 4 and fakes.telemetry.counts["HintsDropped"] == 2
    assert all(due_work(state) is None for state in fakes.store.items.values())


def test_a_hint_about_an_asset_that_waits_for_its_labels_takes_nothing_of_the_live_share() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    waits = fakes.store.items["a1"].poll
    fakes.limits.hints = 0
    for n in range(5):
        handle(fakes.deps, hint(digest=f"h{n}"), fakes.remaining)

    assert fakes.cloudinary.reads == [] and fakes.store.items["a1"].poll == waits


def test_a_hint_about_an_asset_that_waits_for_its_labels_has_it_read_at_once() -> None:
    fakes = Fakes()
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, hint(), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}


def test_a_pending_asset_that_only_a_hint_named_is_polled_until_its_deadline() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, hint(), fakes.remaining)
    found = due_work(fakes.store.items["a1"])
    assert found is not None and found[0] == "POLL"
    sweep_for(fakes, 1.2)

    assert fakes.outcomes() == ["timed_out"] and due_work(fakes.store.items["a1"]) is None


@pytest.mark.parametrize("status", ["complete", "pending", "failed", "none"])
@pytest.mark.parametrize("error", [Missing("no"), Permanent("400"), None])
def test_polling_ends_at_the_deadline_in_every_state(status: str, error: Exception | None) -> None:
    """Whatever an asset is in when a read is asked for, and whatever the reads answer."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, status=status)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(60)
    ref = fakes.store.items["a1"].asset
    handle(fakes.deps, AssetDeleted(ref, START - 1, MessageOrigin("delete", "d")), fakes.remaining)  # older: it is read
    handle(fakes.deps, hint(), fakes.remaining)
    if error is not None:
        fakes.cloudinary.fails = [error] * 500
    sweep_for(fakes, 1.2)
    reads = len(fakes.cloudinary.reads)
    sweep_for(fakes, 1)

    assert len(fakes.cloudinary.reads) == reads and due_work(fakes.store.items["a1"]) is None


def test_an_asset_past_its_deadline_is_counted_once() -> None:
    fakes = Fakes()
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    fakes.cloudinary.fails = [Retryable("503")] * 2000
    sweep_for(fakes, 3)

    assert fakes.telemetry.counts["PendingPastDeadline"] == 1


def test_a_hint_under_the_intent_that_closes_an_asset_has_it_read_again() -> None:
    """It came back while the process that found it gone was dead."""
    fakes = given_tagged()
    asset = fakes.cloudinary.assets.pop("a1")
    fakes.effects.die_at = (fakes.effects.done + 2, "after")
    with pytest.raises(Died):
        handle(fakes.deps, hint(), fakes.remaining)
    fakes.effects.die_at = None
    fakes.cloudinary.assets["a1"] = asset
    handle(fakes.deps, hint(digest="h2"), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].status in ("tagged", "unchanged")
