"""Undoing what a run decided: tags return to what they were, once, and the undoing can be undone."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetDeleted, MessageOrigin, RefetchAsset
from autotag.domain.runs.revert import reversal
from autotag.domain.runs.run import RevertSelection
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.revert.revert_library import HOUR, retagged
from tests.unit.service.runs.run_library import OLD, Library
from tests.unit.service.settle import check


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
