"""A group of a run whose assets are read first: what is read, what waits for the budget, and how that is counted."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.asset import FolderMove
from autotag.domain.model.messages import ProcessRunGroup
from autotag.domain.runs.run import Run
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.run_library import GROUP, NEW, Library

FOUR = ("a0", "a4", "a8", "a12")
"""Assets of which the same changes."""


@pytest.fixture
def library() -> Library:
    library = Library(16)
    library.fakes.clock.advance(3600)
    library.fakes.rules.use(NEW, 1)
    library.fakes.clock.step = 0
    return library


def carry(library: Library, *, seconds: float = 60.0, action: str = "retag", moves: tuple[FolderMove, ...] = ()) -> Run:
    """Carry out a group of a run that has planned it and nothing else; return the run."""
    run_id, runs = library.run(action), library.fakes.runs.items
    runs[run_id] = replace(
        runs[run_id],
        refresh=action == "retag",
        moves=moves,
        created_at=library.fakes.clock.time,
    )
    library.under_way(run_id, GROUP)
    handle(library.fakes.deps, ProcessRunGroup(run_id, GROUP, FOUR), lambda: seconds)
    return library.run_of(run_id)


def test_each_is_read_once_and_all_are_counted(library: Library) -> None:
    run = carry(library)

    assert library.fakes.cloudinary.reads == list(FOUR)
    assert (run.counts.reads, run.counts.done, run.counts.missed) == (4, 4, 0)


@pytest.mark.parametrize(("seconds", "reads"), [(15.0, 4), (14.9, 0)])
def test_none_is_read_that_there_is_no_time_for(library: Library, seconds: float, reads: int) -> None:
    run = carry(library, seconds=seconds)

    assert (run.counts.reads, run.counts.done, run.counts.missed) == (reads, reads, 4 - reads)
    assert len(library.fakes.cloudinary.reads) == reads


def test_once_the_budget_is_used_the_others_are_missed_unread_and_the_run_waits_as_long_as_it_says(
    library: Library,
) -> None:
    library.fakes.limits.left = 1
    run = carry(library)

    assert library.fakes.cloudinary.reads == ["a0"]
    assert (run.counts.reads, run.counts.done, run.counts.missed) == (1, 1, 3)
    assert run.due_at == library.fakes.clock.time + 1_800_000 and "run_deferred" in dict(library.fakes.telemetry.lines)


@pytest.mark.parametrize(("delay", "waits"), [(None, 300_000), (7.0, 7_000)])
def test_where_cloudinary_answers_no_read_the_run_waits(library: Library, delay: float | None, waits: int) -> None:
    """As long as Cloudinary says, or five minutes."""
    library.fakes.cloudinary.fails = [Retryable("503", delay=delay)]
    run = carry(library)

    assert (run.counts.reads, run.counts.done, run.counts.missed) == (0, 0, 4)
    assert run.due_at == library.fakes.clock.time + waits and library.fakes.cloudinary.reads == ["a0"]


def test_where_nothing_is_in_the_way_the_run_is_not_put_off(library: Library) -> None:
    assert carry(library).due_at <= library.fakes.clock.time


def opened(library: Library, asset_id: str) -> None:
    """Let an upload leave an intent behind that is not due yet."""
    fakes = library.fakes
    body = resource(asset_id, {"Boat": 0.95}, version=200, public_id=f"stage/{asset_id[1:]}")
    fakes.cloudinary.assets[asset_id], fakes.cloudinary.fails = body, [Retryable("503", delay=600)]
    handle(fakes.deps, upload(dict(body), fakes.clock.time, "live"), fakes.remaining)
    assert fakes.store.items[asset_id].intent is not None
    fakes.clock.advance(30)


def test_an_asset_that_another_is_at_work_on_is_missed_unread(library: Library) -> None:
    opened(library, "a4")
    run = carry(library)

    assert library.fakes.cloudinary.reads == ["a0", "a8", "a12"]
    assert (run.counts.reads, run.counts.done, run.counts.missed) == (3, 3, 1)


def test_what_is_missed_for_different_reasons_is_counted_together(library: Library) -> None:
    opened(library, "a0")
    library.fakes.cloudinary.fails = [Retryable("503")]
    run = carry(library)

    assert (run.counts.reads, run.counts.done, run.counts.missed) == (0, 0, 4)


def test_an_asset_that_is_not_known_any_more_is_neither_read_nor_missed(library: Library) -> None:
    del library.fakes.store.items["a4"]
    run = carry(library)

    assert (run.counts.reads, run.counts.done, run.counts.missed) == (3, 3, 0)


def test_what_a_read_shows_of_an_older_picture_is_not_decided_on(library: Library) -> None:
    store = library.fakes.store
    known = store.items["a4"]
    store.items["a4"] = replace(known, asset=replace(known.asset, version=known.asset.version + 1))
    before = store.items["a4"]
    run = carry(library)

    assert (run.counts.reads, run.counts.done, run.counts.missed) == (4, 3, 0)
    assert store.items["a4"] == before


def test_folders_that_are_only_noted_are_counted_as_done(library: Library) -> None:
    fakes = library.fakes
    fakes.rules.use('[defaults]\non_move = "note"\n', 1)
    for asset_id in FOUR:
        known = fakes.store.items[asset_id]
        assert known.facts is not None
        fakes.store.items[asset_id] = replace(known, facts=replace(known.facts, folder="old"))
    run = carry(library, action="move", moves=(FolderMove("old", "new", fakes.clock.time),))

    assert (run.counts.done, run.counts.missed, fakes.cloudinary.reads) == (4, 0, [])
    assert [fakes.store.items[each].facts.folder for each in FOUR] == ["new"] * 4  # type: ignore[union-attr]
