"""A read finds that an asset does not exist, or cannot be read: what becomes of its state."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Permanent, Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import Trigger
from autotag.domain.model.messages import AssetRenamed, MessageOrigin
from autotag.domain.state.asset_state import Poll
from autotag.domain.state.due_entry import due_work
from autotag.domain.state.tag_ownership import ECHO_SLACK
from autotag.service.tagging.poll import poll
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import decide_again, once
from tests.unit.service.tagging.reading.hinted_asset import DAY, hint, sweep_for
from tests.unit.service.tagging.tagged_asset import given_tagged


def given_gone() -> Fakes:
    """An asset that was tagged and is gone, as a read has found out."""
    fakes = given_tagged()
    fakes.cloudinary.assets.clear()
    handle(fakes.deps, hint(digest="h1"), fakes.remaining)
    fakes.clock.advance(3600)
    return fakes


def renamed(fakes: Fakes) -> None:
    at = fakes.clock.now()
    ref = AssetRef("a1", "new", "image", "upload", 0)
    handle(fakes.deps, AssetRenamed(ref, "stage", at, MessageOrigin("rename", "r")), fakes.remaining)


@pytest.mark.parametrize(("later", "gone"), [(0, True), (1, False), (ECHO_SLACK, False), (ECHO_SLACK + 1000, True)])
@pytest.mark.parametrize("by_its_labels", [False, True])
def test_an_asset_is_gone_unless_it_was_seen_after_the_read_began(later: int, gone: bool, by_its_labels: bool) -> None:
    """A time further to come than clocks differ is no sighting."""
    fakes = given_tagged()
    fakes.cloudinary.assets.clear()
    fakes.clock.step = 0
    state = replace(fakes.store.items["a1"], poll=Poll(0, 0, fakes.clock.now() + DAY * 1000))
    seen_at = fakes.clock.now() + later
    facts, labels = state.facts, state.categorizations
    if by_its_labels:
        labels = {name: replace(found, observed_at=seen_at) for name, found in labels.items()}
    elif facts is not None:
        facts = replace(facts, observed_at=seen_at)
    fakes.store.items["a1"] = replace(state, facts=facts, categorizations=labels)
    poll(fakes.deps, "a1", fakes.remaining)

    assert (fakes.store.items["a1"].status == "gone") == gone
    assert (due_work(fakes.store.items["a1"]) is None) == gone


def test_an_asset_on_which_another_process_works_is_left_to_its_owner() -> None:
    fakes = given_tagged()
    decide_again(fakes, "[defaults]\nthreshold = 0.9\n", 1)
    fakes.clock.advance(600)

    def claimed_by_a_run() -> None:
        fakes.effects.die_at = (fakes.effects.done, "after")
        with pytest.raises(Died):
            decide_again(fakes, "[defaults]\nthreshold = 0.7\n", 2)
        fakes.effects.die_at = None
        fakes.cloudinary.assets.clear()

    fakes.cloudinary.before_read = once(claimed_by_a_run)
    handle(fakes.deps, hint(at=fakes.clock.now()), fakes.remaining)
    assert fakes.store.items["a1"].intent is not None
    come_to_rest(fakes)

    assert fakes.store.items["a1"].status == "gone" and fakes.outcomes()[-1] == "gone"


def test_what_a_hint_says_of_an_asset_that_never_was_is_forgotten() -> None:
    fakes = Fakes()
    handle(fakes.deps, hint("invented", added=("Guitar",)), fakes.remaining)

    state = fakes.store.items["invented"]
    assert (state.status, state.claims, due_work(state)) == ("gone", {}, None)
    assert state.final_at == fakes.clock.time


def test_a_hint_about_an_asset_that_is_gone_keeps_since_when_it_is_and_leaves_nothing_to_decide() -> None:
    fakes = given_gone()
    state = fakes.store.items["a1"]
    fakes.store.items["a1"] = replace(state, dirty=Trigger("webhook", "upload", "", "d"))
    handle(fakes.deps, hint(digest="h2"), fakes.remaining)

    after = fakes.store.items["a1"]
    assert (after.status, after.dirty, after.poll, after.final_at) == ("gone", None, None, state.final_at)
    assert len(fakes.cloudinary.reads) == 2 and fakes.outcomes() == ["tagged", "gone"]


@pytest.mark.parametrize("before", ["tagged", "gone"])
def test_a_change_while_the_read_is_made_does_not_keep_the_asset_due(before: str) -> None:
    fakes = given_gone() if before == "gone" else given_tagged()
    fakes.cloudinary.assets.clear()
    reads = len(fakes.cloudinary.reads)
    fakes.cloudinary.before_read = once(lambda: renamed(fakes))
    handle(fakes.deps, hint(digest="h2"), fakes.remaining)

    state = fakes.store.items["a1"]
    assert (state.status, due_work(state), state.asset.public_id) == ("gone", None, "new")
    assert len(fakes.cloudinary.reads) == reads + 1 and fakes.outcomes() == ["tagged", "gone"]


def test_an_asset_that_is_found_gone_is_closed_with_one_claim_and_one_end() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets.clear()
    before = fakes.store.items["a1"].rev
    handle(fakes.deps, hint(), fakes.remaining)

    assert fakes.store.items["a1"].rev == before + 4  # the hint, the read, the claim, the end


def test_an_asset_that_was_decided_on_and_cannot_be_read_again_stays_as_it_is() -> None:
    """Two names of one time had it read, for a day."""
    fakes = given_tagged()
    state = fakes.store.items["a1"]
    fakes.store.items["a1"] = replace(state, poll=Poll(0, 0, fakes.clock.time + DAY * 1000))
    fakes.cloudinary.fails = [Permanent("400")] * 500
    sweep_for(fakes, 1.2)

    after = fakes.store.items["a1"]
    assert (after.status, after.final_at, due_work(after)) == ("tagged", state.final_at, None)
    assert fakes.outcomes() == ["tagged"] and "HintsDropped" not in fakes.telemetry.counts


def test_a_hint_that_is_dropped_leaves_the_asset_as_it_is() -> None:
    fakes = given_tagged()
    final_at = fakes.store.items["a1"].final_at
    fakes.limits.hints = 0
    for asset_id in ("a1", "invented"):
        handle(fakes.deps, hint(asset_id, added=("Guitar",)), fakes.remaining)
    sweep_for(fakes, 2.2)

    known, invented = fakes.store.items["a1"], fakes.store.items["invented"]
    assert (known.status, known.final_at, known.claims) == ("tagged", final_at, {})
    assert invented.status == "skipped" and invented.final_at > final_at and invented.claims == {}
    assert fakes.telemetry.counts["HintsDropped"] == 2


def test_a_hint_that_two_processes_drop_at_once_is_counted_once() -> None:
    fakes = given_tagged()
    fakes.limits.hints = 0
    handle(fakes.deps, hint(), fakes.remaining)
    fakes.clock.advance(2 * DAY)
    fakes.effects.meanwhile[fakes.effects.done] = lambda: poll(fakes.deps, "a1", fakes.remaining)
    poll(fakes.deps, "a1", fakes.remaining)

    assert due_work(fakes.store.items["a1"]) is None and fakes.telemetry.counts["HintsDropped"] == 1


def test_what_a_hint_says_of_an_asset_that_is_gone_is_kept_for_when_it_comes_back() -> None:
    fakes = given_gone()
    handle(fakes.deps, hint(digest="h2", removed=("Guitar",)), fakes.remaining)

    assert fakes.store.items["a1"].claims.keys() == {"guitar"} and due_work(fakes.store.items["a1"]) is None


def test_an_intent_whose_asset_is_gone_is_closed_without_repairing_what_a_person_wants() -> None:
    """An owner that died may have added the tag; nothing is left to take it off from."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.cloudinary.fails = [Retryable("503")]
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now(), digest="p1"), fakes.remaining)
    fakes.cloudinary.assets.clear()
    fakes.clock.advance(3600)
    a_minute(fakes)

    state = fakes.store.items["a1"]
    assert (state.status, state.intent, fakes.outcomes()[-1]) == ("gone", None, "gone")
    assert "repair_refused" not in dict(fakes.telemetry.lines) and len(fakes.cloudinary.calls) == 1


def test_what_was_renamed_and_is_gone_is_not_called_again_under_its_new_name() -> None:
    fakes = given_tagged()

    def go(*_: object) -> None:
        fakes.cloudinary.on_change = lambda *_: None
        fakes.cloudinary.assets.clear()
        renamed(fakes)

    fakes.cloudinary.on_change = go
    decide_again(fakes, '[defaults]\nthreshold = 0.7\n[labels.People]\ntag = "crowd"\n', 1)

    state = fakes.store.items["a1"]
    assert (state.status, state.asset.public_id, state.intent) == ("gone", "new", None)
    assert "repair_refused" not in dict(fakes.telemetry.lines)


def test_a_call_for_what_a_person_wants_stands_though_the_next_one_finds_the_asset_gone() -> None:
    """An owner that died may have added what was not called for since; not what was just taken off."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("Guitar",))
    fakes.cloudinary.fails = [Retryable("503")]
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now(), digest="p1"), fakes.remaining)
    fakes.cloudinary.on_change = lambda *_: fakes.cloudinary.assets.clear()
    fakes.clock.advance(3600)
    a_minute(fakes)

    state = fakes.store.items["a1"]
    assert {tag: write.op for tag, write in state.writes.items()} == {"Guitar": "remove", "People": "add"}
    assert state.status == "gone"
