"""A renamed folder becomes a run over the assets in it, and each of them ends where it is."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import AssetMoved, FolderMoved, Message, MessageOrigin
from autotag.service.worker import handle
from tests.unit.service.runs.run_library import Library
from tests.unit.service.tagging.lifecycle.folder_rules import RULES


def folder(before: str, after: str, at: int, digest: str = "") -> FolderMoved:
    return FolderMoved(
        before, after, at, MessageOrigin("move_or_rename_asset_folder", (digest or f"{at}").ljust(64, "0"))
    )


def given_library(size: int = 40) -> Library:
    """Assets whose folder is "stage", "zoo" and so on, decided under rules about folders."""
    library = Library(size)
    for asset_id, state in library.fakes.store.items.items():
        assert state.facts is not None
        library.fakes.cloudinary.assets[asset_id]["asset_folder"] = "inbox/old" if int(asset_id[1:]) % 2 else "inbox"
        facts = replace(state.facts, folder=library.fakes.cloudinary.assets[asset_id]["asset_folder"])
        library.fakes.store.items[asset_id] = replace(state, facts=facts)
    library.fakes.rules.use(RULES, 1)
    library.finish(library.run())
    return library


@pytest.mark.parametrize("twice", [False, True])
def test_a_renamed_folder_becomes_a_run_over_the_assets_in_it(twice: bool) -> None:
    library = given_library()
    fakes = library.fakes
    runs, joint = len(fakes.runs.items), len(fakes.cloudinary.joint_calls)
    message = folder("inbox/old", "press/2026", fakes.clock.now())
    for _ in range(1 + twice):
        handle(fakes.deps, message, fakes.remaining)
    (run,) = list(fakes.runs.items.values())[runs:]
    library.finish(run.id)

    for asset_id, state in fakes.store.items.items():
        inside = int(asset_id[1:]) % 2
        assert state.facts is not None and state.facts.folder == ("press/2026" if inside else "inbox")
        tags = fakes.cloudinary.tags(asset_id)
        assert ("press photo" in tags) == bool(inside) and ("to sort" in tags) == (not inside)
    assert len(fakes.cloudinary.joint_calls) - joint <= 8  # two for each part of the table, not two for each asset
    kinds = [a.trigger.kind for a in fakes.audits.records.values() if a.trigger.request_id == run.id]
    assert kinds == ["moved"] * 20


def test_two_folders_moved_one_after_the_other_end_alike_whichever_run_is_first() -> None:
    for order in (0, 1):
        library = given_library()
        fakes = library.fakes
        at, known = fakes.clock.now(), set(fakes.runs.items)
        messages: list[Message] = [folder("inbox/old", "a", at), folder("a", "press", at + 5)]
        for message in messages[::-1] if order else messages:
            handle(fakes.deps, message, fakes.remaining)
        for run_id in sorted(fakes.runs.items.keys() - known, reverse=bool(order)):
            library.finish(run_id)
        for run_id in fakes.runs.items.keys() - known:
            library.finish(run_id)

        folders = {state.facts.folder for state in fakes.store.items.values() if state.facts}
        assert folders == {"inbox", "press"}


def test_an_asset_that_was_moved_or_seen_after_its_folder_stays_where_it_is() -> None:
    library = given_library(8)
    fakes = library.fakes
    at, known = fakes.clock.now(), set(fakes.runs.items)
    ref = fakes.store.items["a1"].asset
    handle(fakes.deps, AssetMoved(ref, "other", at + 9, MessageOrigin("move", "m")), fakes.remaining)
    handle(fakes.deps, folder("inbox/old", "press", at), fakes.remaining)
    (run_id,) = fakes.runs.items.keys() - known
    library.finish(run_id)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and facts.folder == "other"


def in_arch(library: Library) -> None:
    """Let the assets of inbox/old be where two renames of their folder have brought them."""
    for asset_id, body in library.fakes.cloudinary.assets.items():
        if int(asset_id[1:]) % 2:
            body["asset_folder"] = "arch"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("between", ["press/2026", "a"])
def test_two_renames_of_a_folder_in_one_moment_end_where_it_is(
    order: tuple[int, int], at_once: bool, between: str
) -> None:
    """As they come without a time of their own: whole seconds do not tell which was first."""
    library = given_library(8)
    fakes = library.fakes
    in_arch(library)
    at = fakes.clock.now()
    renames = [folder("inbox/old", between, at, "a"), folder(between, "arch", at, "b")]
    for n in order:
        handle(fakes.deps, renames[n], fakes.remaining)
        if not at_once:
            library.poll()
            library.work()
            fakes.clock.advance(60)
    for run_id in list(fakes.runs.items):
        library.finish(run_id)

    folders = {asset_id: state.facts.folder for asset_id, state in fakes.store.items.items() if state.facts}
    assert folders == {asset_id: "arch" if int(asset_id[1:]) % 2 else "inbox" for asset_id in folders}
    assert not any("to sort" in fakes.cloudinary.tags(asset_id) for asset_id in folders if int(asset_id[1:]) % 2)


def test_a_folder_that_is_renamed_in_the_moment_of_an_upload_into_it_has_the_asset_read() -> None:
    library = given_library(8)
    fakes = library.fakes
    in_arch(library)
    seen = fakes.store.items["a1"].facts
    assert seen is not None
    handle(fakes.deps, folder("inbox/old", "arch", seen.observed_at), fakes.remaining)
    run_id = list(fakes.runs.items)[-1]
    library.finish(run_id)

    known = fakes.store.items["a1"].facts
    assert known is not None and known.folder == "arch" and "a1" in fakes.cloudinary.reads
    (audit,) = [a for a in fakes.audits.records.values() if (a.asset.asset_id, a.trigger.request_id) == ("a1", run_id)]
    assert audit.trigger.kind == "moved"
