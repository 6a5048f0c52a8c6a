"""Undoing what we decided: our tags and only ours, to what they were, and the undoing can be undone."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import moment
from autotag.domain.model.messages import AssetDeleted, MessageOrigin, RefetchAsset, ReviewAnswered
from autotag.domain.runs.revert import reversal
from autotag.domain.runs.run import Filter, RevertSelection
from autotag.service.worker import handle
from tests.fakes.samples import person, resource, upload
from tests.unit.service.runs.run_library import NEW, OLD, Library
from tests.unit.service.settle import check

HOUR = 3600


def retagged(size: int = 8) -> tuple[Library, dict[str, set[str]], str]:
    """A library that was retagged under other rules; returns the tags of before, too, and the run."""
    library = Library(size)
    library.fakes.clock.advance(HOUR)
    before = library.tags()
    library.fakes.rules.use(NEW, 1)
    run_id = library.run()
    library.finish(run_id)
    library.fakes.clock.advance(HOUR)
    assert library.tags() != before
    return library, before, run_id


def test_reverting_a_run_restores_every_assets_tags_to_what_they_were() -> None:
    library, before, run_id = retagged()
    reverting = library.run("revert", undo=RevertSelection(run=run_id))
    plan = library.plan(reverting)
    run = library.finish(reverting)

    assert library.tags() == before and run.status == "done" and run.counts.done == len(plan) == 6
    check(library.fakes)
    reverts = [audit for audit in library.fakes.audits.records.values() if audit.trigger.kind == "revert"]
    assert len(reverts) == 6 and all(audit.reason == f"an operator undid run {run_id}" for audit in reverts)


def test_a_run_is_undone_however_many_records_are_younger_and_however_short_their_pages_are() -> None:
    library, _, run_id = retagged()
    library.fakes.rules.use('[defaults]\nthreshold = 0.9\nprefix = "x-"\n', 2)
    library.finish(library.run())
    reverting = library.run("revert", undo=RevertSelection(run=run_id))
    whole = library.plan(reverting)
    library.fakes.audits.at_once = 1

    assert library.plan(reverting) == whole and any(add or remove for add, remove in whole.values())


def test_human_tags_that_were_added_in_between_stay() -> None:
    library, before, run_id = retagged()
    for body in library.fakes.cloudinary.assets.values():
        body["tags"].append("mine")
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags() == {asset: tags | {"mine"} for asset, tags in before.items()}


def test_a_revert_is_undone_by_a_revert() -> None:
    library, before, run_id = retagged()
    after = library.tags()
    first = library.run("revert", undo=RevertSelection(run=run_id))
    library.finish(first)
    assert library.tags() == before
    second = library.run("revert", undo=RevertSelection(run=first))
    library.finish(second)
    assert library.tags() == after
    library.finish(library.run("revert", undo=RevertSelection(run=second)))

    assert library.tags() == before
    check(library.fakes)


def test_what_came_back_is_ours_again_and_stands_for_its_labels() -> None:
    library, _, run_id = retagged()
    original = {asset_id: state.managed_tags for asset_id, state in Library(8).fakes.store.items.items()}
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert {asset_id: state.managed_tags for asset_id, state in library.fakes.store.items.items()} == original


def test_a_tag_that_a_person_removed_meanwhile_does_not_come_back() -> None:
    library, before, run_id = retagged()
    library.fakes.cloudinary.assets["a0"]["tags"].remove("crowd")
    removed = person("a0", removed=("crowd",), at=library.fakes.clock.now())
    handle(library.fakes.deps, removed, library.fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags()["a0"] == before["a0"] - {"People"}  # it stood for the same label
    assert library.tags()["a4"] == before["a4"]


def test_a_tag_that_a_person_made_theirs_stays() -> None:
    library, before, run_id = retagged()
    added = person("a0", added=("crowd",), at=library.fakes.clock.now())
    handle(library.fakes.deps, added, library.fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags()["a0"] == before["a0"] | {"crowd"}


def test_reverting_everything_takes_all_of_our_tags_and_none_of_theirs() -> None:
    library, _, _ = retagged()
    library.finish(library.run("revert"))

    assert set(map(frozenset, library.tags().values())) == {frozenset({"press"})}
    check(library.fakes)


def test_reverting_an_asset_leaves_the_others() -> None:
    library, _, _ = retagged()
    others = {asset: tags for asset, tags in library.tags().items() if asset != "a1"}
    library.finish(library.run("revert", filter=Filter(assets=("a1",))))

    assert library.tags() == others | {"a1": {"press"}}


def test_reverting_a_tag_leaves_the_other_tags() -> None:
    library, _, _ = retagged()
    before = library.tags()
    library.finish(library.run("revert", undo=RevertSelection(tag="cat")))

    assert library.tags() == {asset: tags - {"Cat"} for asset, tags in before.items()}


@pytest.mark.parametrize("by", ["rules", "since"])
def test_reverting_what_rules_or_a_time_decided(by: str) -> None:
    library, before, run_id = retagged()
    version = library.fakes.rules.now[0].version
    since = library.fakes.runs.items[run_id].created_at
    undo = RevertSelection(rules=version[:12]) if by == "rules" else RevertSelection(since=since)
    library.finish(library.run("revert", undo=undo))

    assert library.tags() == before


def test_what_was_decided_before_a_time_is_left() -> None:
    library, _, run_id = retagged()
    after = library.tags()
    ended = library.fakes.runs.items[run_id].ended_at
    library.finish(library.run("revert", undo=RevertSelection(since=ended + 1000)))

    assert library.tags() == after


def test_a_duplicate_of_an_old_message_does_not_undo_a_revert() -> None:
    library, before, run_id = retagged()
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))
    body = resource("a0", {"People": 0.99, "Guitar": 0.8}, tags=("press",), public_id="stage/0")
    handle(library.fakes.deps, upload(body, digest="d0"), library.fakes.remaining)

    assert library.tags() == before


def effects_of_a_revert() -> int:
    library, _, run_id = retagged(4)
    reverting = library.run("revert", undo=RevertSelection(run=run_id))
    library.fakes.effects.done = 0
    library.finish(reverting)
    return library.fakes.effects.done


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(effects_of_a_revert()))
def test_a_death_at_any_effect_of_a_revert_changes_nothing_in_the_end(number: int, when: str) -> None:
    library, before, run_id = retagged(4)
    reverting = library.run("revert", undo=RevertSelection(run=run_id))
    library.fakes.effects.done = 0
    library.fakes.effects.die_at = (number, when)
    run = library.finish(reverting)

    check(library.fakes)
    assert library.tags() == before and run.status == "done"


def test_what_was_only_tried_out_is_not_undone() -> None:
    """The same tags came later under other rules: they stay."""
    library = Library(8, rules='[defaults]\nmode = "dry_run"\nthreshold = 0.7\n')
    tried = library.fakes.rules.now[0].version
    assert set(map(frozenset, library.tags().values())) == {frozenset({"press"})}
    library.fakes.clock.advance(HOUR)
    library.fakes.rules.use(OLD, 1)
    library.finish(library.run())
    tagged = library.tags()
    assert tagged["a0"] == {"press", "People", "Guitar"}
    library.fakes.clock.advance(HOUR)
    run = library.finish(library.run("revert", undo=RevertSelection(rules=tried)))

    assert library.tags() == tagged and (run.status, run.counts.planned) == ("done", 0)


def test_a_time_includes_the_moments_that_it_is_named_by() -> None:
    library, before, _ = retagged()
    after = library.tags()
    audit = next(each for each in library.fakes.bus.sent[::-1] if each.asset.asset_id == "a0")
    at, only = moment(audit), Filter(assets=("a0",))
    for undo in (RevertSelection(since=at + 1), RevertSelection(since=1, until=at - 1)):
        plan = library.plan(library.run("revert", filter=only, undo=undo))
        assert "crowd" not in plan.get("a0", (set(), set()))[1]
    library.finish(library.run("revert", filter=only, undo=RevertSelection(since=at, until=at)))

    assert library.tags() == after | {"a0": before["a0"]}


def test_all_that_was_decided_since_a_time_is_undone_whichever_tags_each_decision_changed() -> None:
    library, before, run_id = retagged()
    library.fakes.rules.use(f'{NEW}[labels.Cat]\ntag = "feline"\n', 2)
    library.finish(library.run())
    assert library.tags()["a1"] == {"press", "crowd", "feline"}
    since = library.fakes.runs.items[run_id].created_at
    library.finish(library.run("revert", undo=RevertSelection(since=since)))

    assert library.tags() == before


def test_what_a_person_did_is_not_undone_with_what_was_decided_in_the_same_time() -> None:
    """They took a tag away, and took that back: it is for the rules to bring it again, not for an undoing."""
    library, before, run_id = retagged()
    since, fakes = library.fakes.runs.items[run_id].created_at, library.fakes
    fakes.cloudinary.assets["a1"]["tags"].remove("Cat")
    handle(fakes.deps, person("a1", removed=("Cat",), at=fakes.clock.now()), fakes.remaining)
    cleared = ReviewAnswered("a1", 100, "ada", fakes.clock.now(), MessageOrigin("review", "c"), clear=("Cat",))
    handle(fakes.deps, cleared, fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(since=since)))

    assert library.tags()["a1"] == before["a1"] - {"Cat"} and library.tags()["a0"] == before["a0"]


def test_a_tag_comes_back_though_a_person_took_away_another_label_of_its_name() -> None:
    library = Library(4)
    fakes = library.fakes
    fakes.cloudinary.assets["a0"]["tags"].remove("People")
    handle(fakes.deps, person("a0", removed=("People",), at=fakes.clock.now()), fakes.remaining)
    fakes.rules.use(f'{OLD}[labels.People]\ntag = "scene"\n[labels.Guitar]\ntag = "scene"\n', 1)
    renaming = library.run()
    library.finish(renaming)
    assert library.tags()["a0"] == {"press", "scene"}
    undoing = library.run("revert", undo=RevertSelection(run=renaming))
    library.finish(undoing)
    assert library.tags()["a0"] == {"press", "Guitar"}
    library.finish(library.run("revert", undo=RevertSelection(run=undoing)))

    assert library.tags()["a0"] == {"press", "scene"} and fakes.store.items["a0"].managed_tags == {"scene": ("guitar",)}


def test_reverting_everything_needs_no_record_of_it() -> None:
    library, _, _ = retagged()
    library.fakes.audits.records.clear()
    library.finish(library.run("revert"))

    assert set(map(frozenset, library.tags().values())) == {frozenset({"press"})}


@pytest.mark.parametrize("told", [True, False])
def test_nothing_is_undone_of_an_asset_that_is_gone(told: bool) -> None:
    library, _, run_id = retagged()
    fakes = library.fakes
    del fakes.cloudinary.assets["a0"]
    source, now = MessageOrigin("delete", "d"), fakes.clock.now()
    ref = AssetRef("a0", "stage/0", "image", "upload", 0)
    handle(fakes.deps, AssetDeleted(ref, now, source) if told else RefetchAsset("a0", now, source), fakes.remaining)
    assert fakes.store.items["a0"].status == "gone"
    audits = len(fakes.audits.records)
    reverting = library.run("revert", undo=RevertSelection(run=run_id))
    library.finish(reverting)

    assert [a.asset.asset_id for a in list(fakes.audits.records.values())[audits:]].count("a0") == 0
    undone = reversal(fakes.store.items["a0"], fakes.audits.of_asset("a0", 50), RevertSelection(run=run_id))
    assert undone is None and fakes.store.items["a0"].status == "gone"


def test_nothing_is_undone_of_an_asset_that_is_just_being_closed() -> None:
    library, _, run_id = retagged()
    state = replace(library.fakes.store.items["a0"], deleted_at=library.fakes.clock.now())
    assert reversal(state, library.fakes.audits.of_asset("a0", 50), RevertSelection(run=run_id)) is None


def test_a_tag_that_is_theirs_by_now_does_not_come_back_as_ours() -> None:
    """Nobody told that a person added it; a read shows it."""
    library, _, run_id = retagged()
    fakes = library.fakes
    fakes.cloudinary.assets["a0"]["tags"].append("Guitar")
    handle(fakes.deps, RefetchAsset("a0", fakes.clock.now(), MessageOrigin("upload", "r")), fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags()["a0"] == {"press", "People", "Guitar"} and set(fakes.store.items["a0"].managed_tags) == {
        "People"
    }


def test_a_tag_that_a_person_made_theirs_and_took_away_untold_does_not_come_back() -> None:
    library, _, run_id = retagged()
    fakes = library.fakes
    handle(fakes.deps, person("a0", added=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    handle(fakes.deps, RefetchAsset("a0", fakes.clock.now(), MessageOrigin("upload", "r")), fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags()["a0"] == {"press", "People"}
