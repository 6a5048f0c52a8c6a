"""Hints cost a bounded number of reads, starve nobody, and lose nothing of what people did."""

import json
from typing import Any

import pytest

from autotag.domain.errors import Missing, Permanent, Retryable
from autotag.domain.model.messages import AssetDeleted, MessageOrigin, RefetchAsset
from autotag.domain.notifications import parse as notification
from autotag.domain.state.asset_state import due_work
from autotag.service.tagging.sweep import sweep
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import check, come_to_rest

DAY = 86400


def hint(asset_id: str = "a1", at: int = START, digest: str = "h1", **said: Any) -> RefetchAsset:
    return RefetchAsset(asset_id, at, MessageOrigin("upload", digest), **said)


def given_tagged(**changed: Any) -> Fakes:
    """An asset that was uploaded, decided on and tagged."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, **changed)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(3600)
    return fakes


def sweep_for(fakes: Fakes, days: float) -> None:
    """Let the poller run every ten minutes."""
    for _ in range(round(days * DAY / 600)):
        fakes.clock.advance(600)
        sweep(fakes.deps, fakes.remaining)


def body(added: list[str], removed: list[str] | None = None, public_id: str = "stage/a1", source: str = "api") -> bytes:
    """Return the notification of an editor's change."""
    at = "2026-10-08T13:00:00Z"
    entry = {"asset_id": "a1", "public_id": public_id, "resource_type": "image", "type": "upload"}
    document = {
        "notification_type": "resource_tags_changed",
        "resources": [{**entry, "added": added, "removed": removed or []}],
        "notification_context": {"triggered_at": at, "triggered_by": {"source": source, "id": "editor"}},
    }
    return json.dumps(document).encode()


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
    sweep(fakes.deps, fakes.remaining)

    assert len(fakes.cloudinary.reads) == 11 and fakes.cloudinary.reads[-1] == "a1"
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}


def test_hints_beyond_their_share_are_followed_later_and_one_after_the_deadline_is_dropped() -> None:
    fakes = Fakes()
    fakes.limits.hints = 3
    for n in range(6):
        handle(fakes.deps, hint(f"invented{n}"), fakes.remaining)
    fakes.clock.advance(3600)
    fakes.limits.hints = 1
    sweep(fakes.deps, fakes.remaining)
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


@pytest.mark.parametrize(
    ("fetch_before_use", "public_id", "added"),
    [(True, "stage/a1", ["Guitar"]), (False, "stage/a=1", ["Guitar"]), (False, "stage/a1", ["a=b", "Guitar"])],
)
def test_what_a_hint_says_a_person_added_is_theirs_where_the_read_agrees(
    fetch_before_use: bool, public_id: str, added: list[str]
) -> None:
    fakes = given_tagged(public_id=public_id)
    fakes.cloudinary.assets["a1"]["tags"] = ["People", *added]
    for message in notification.parse(body(added, public_id=public_id), timestamp=1, fetch_before_use=fetch_before_use):
        assert isinstance(message, RefetchAsset)
        handle(fakes.deps, message, fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "add" and set(state.managed_tags) == {"People"} and not state.claims
    assert list(fakes.audits.records.values())[-1].tags.added == ("Guitar",)
    check(fakes)


def test_what_a_hint_says_a_person_removed_was_removed_by_them_where_the_read_agrees() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets["a1"]["tags"] = ["People"]
    for message in notification.parse(body([], ["Guitar"]), timestamp=1, fetch_before_use=True):
        handle(fakes.deps, message, fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "remove" and set(state.managed_tags) == {"People"}
    assert list(fakes.audits.records.values())[-1].reason == "a person (editor) changed the tags"


def test_what_a_hint_says_and_the_read_does_not_show_is_nobodys_doing() -> None:
    fakes = given_tagged()
    for message in notification.parse(body(["Cat"], ["Guitar"]), timestamp=1, fetch_before_use=True):
        handle(fakes.deps, message, fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people == {} and not state.claims and set(state.managed_tags) == {"People", "Guitar"}
    assert len(fakes.audits.records) == 1


def test_a_claim_outlives_a_decision_until_a_read_can_be_made_and_is_not_worked_against() -> None:
    fakes = given_tagged()
    fakes.limits.hints = 0
    for message in notification.parse(body(["Guitar"], source="ui"), timestamp=1, fetch_before_use=True):
        handle(fakes.deps, message, fakes.remaining)
    fakes.rules.use("[defaults]\nthreshold = 0.9\n", 1)
    again = resource("a1", {**GUITARIST, "Cat": 0.99})
    fakes.cloudinary.assets["a1"]["info"] = again["info"]
    handle(fakes.deps, upload(again, fakes.clock.now(), "d2"), fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "Cat"} and fakes.store.items["a1"].claims
    fakes.limits.hints = 10
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "add" and not state.claims
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "Cat"}


def test_a_claim_about_an_asset_that_is_gone_is_settled_when_it_comes_back() -> None:
    fakes = given_tagged()
    asset = fakes.cloudinary.assets.pop("a1")
    for message in notification.parse(body([], ["Guitar"]), timestamp=1, fetch_before_use=True):
        handle(fakes.deps, message, fakes.remaining)
    assert fakes.store.items["a1"].status == "gone" and due_work(fakes.store.items["a1"]) is None
    fakes.clock.advance(600)
    fakes.cloudinary.assets["a1"] = asset | {"tags": ["People"]}
    handle(fakes.deps, hint(digest="h2"), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"People"}
    assert fakes.store.items["a1"].people["guitar"].want == "remove"


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


def test_our_own_echo_in_a_hint_is_no_persons_doing() -> None:
    fakes = given_tagged()
    said = hint(by="222", added=("People", "Guitar"))
    handle(fakes.deps, said, fakes.remaining)

    assert fakes.store.items["a1"].people == {} and set(fakes.store.items["a1"].managed_tags) == {"People", "Guitar"}


def test_a_hint_of_a_thousand_long_tags_is_split_and_loses_none() -> None:
    from autotag.adapters.aws.sqs import MAX_MESSAGE, _fitting
    from autotag.domain.model.messages import decode

    tags = tuple(f"{n:04d}" + "ä" * 200 for n in range(600))
    bodies = _fitting(hint(added=tags[:400], removed=tags[400:]))
    parts = [message for message in map(decode, bodies) if isinstance(message, RefetchAsset)]

    assert len(parts) > 1 and max(map(len, bodies)) <= MAX_MESSAGE
    assert {tag for part in parts for tag in (*part.added, *part.removed)} == set(tags)
