"""``retag --refresh`` reads assets again before it decides, within what the Admin budget leaves to runs."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Permanent
from autotag.domain.runs.run import Filter
from tests.unit.service.runs.run_library import Library
from tests.unit.service.tagging.lifecycle.folder_rules import RULES


def given_moved(size: int = 12) -> Library:
    """Assets that were moved to press/ or got a context while nothing told of it, and rules that ask about both."""
    library = Library(size)
    fakes = library.fakes
    for n, body in enumerate(fakes.cloudinary.assets.values()):
        body["asset_folder"] = "press" if n % 2 else "inbox"
        body["context"] = {"custom": {"license": "editorial"}} if n % 3 == 0 else {}
    fakes.rules.use(RULES, 1)
    fakes.clock.advance(3600)
    return library


def refreshing(library: Library, filter: Filter = Filter()) -> str:  # noqa: B008 (immutable)
    run_id = library.run(filter=filter)
    runs = library.fakes.runs
    runs.items[run_id] = replace(runs.items[run_id], refresh=True)
    return run_id


def press(library: Library) -> set[str]:
    return {asset_id for asset_id, tags in library.tags().items() if "press photo" in tags}


def test_a_retag_with_refresh_reads_each_asset_once_and_decides_by_what_it_read() -> None:
    library = given_moved()
    run = library.finish(refreshing(library))

    assert sorted(library.fakes.cloudinary.reads) == sorted(library.fakes.store.items)
    assert press(library) == {f"a{n}" for n in range(1, 12, 2)}
    editorial = {asset_id for asset_id, tags in library.tags().items() if "editorial use" in tags}
    assert editorial == {f"a{n}" for n in range(0, 12, 3)}
    assert run.status == "done" and run.counts.reads == 12


def test_without_refresh_it_decides_by_what_was_told() -> None:
    library = given_moved()
    library.finish(library.run())

    assert press(library) == set() and library.fakes.cloudinary.reads == []


def test_where_the_budget_is_used_the_run_waits_for_the_next_hour_and_reads_nothing_twice() -> None:
    library = given_moved()
    library.fakes.limits.left = 5
    run_id = refreshing(library)
    for _ in range(3):
        library.poll()
        library.work()
        library.fakes.clock.advance(60)
    run = library.run_of(run_id)
    assert run.status == "running" and len(library.fakes.cloudinary.reads) == 5
    assert run.due_at > library.fakes.clock.time + 1500 * 1000
    library.fakes.limits.left = 100
    library.finish(run_id)

    assert sorted(library.fakes.cloudinary.reads) == sorted(library.fakes.store.items)
    assert press(library) == {f"a{n}" for n in range(1, 12, 2)}


def test_a_folder_is_chosen_by_where_the_read_finds_the_asset() -> None:
    library = given_moved()
    library.finish(refreshing(library, Filter(folder="press/**")))

    assert press(library) == {f"a{n}" for n in range(1, 12, 2)}


def test_what_a_refresh_finds_gone_is_closed_and_what_cannot_be_read_is_left() -> None:
    library = given_moved(4)
    fakes = library.fakes
    del fakes.cloudinary.assets["a1"]
    run = library.finish(refreshing(library))
    assert fakes.store.items["a1"].status == "gone" and run.status == "done"

    library = given_moved(4)
    library.fakes.cloudinary.fails = [Permanent("400")]
    run = library.finish(refreshing(library))
    assert run.status == "done" and len(press(library)) >= 1


def test_a_tag_that_a_person_removed_unheard_is_theirs_once_the_refresh_shows_it() -> None:
    library = given_moved(4)
    library.fakes.cloudinary.assets["a0"]["tags"].remove("Guitar")
    library.finish(refreshing(library))

    assert "Guitar" not in library.fakes.cloudinary.tags("a0")
    assert library.fakes.store.items["a0"].people["guitar"].want == "remove"


@pytest.mark.parametrize("when", ["before", "after"])
def test_dying_anywhere_in_a_refresh_ends_alike(when: str) -> None:
    whole = given_moved(4)
    whole.finish(refreshing(whole))
    for number in range(40):
        library = given_moved(4)
        run_id = refreshing(library)
        library.fakes.effects.die_at = (library.fakes.effects.done + number, when)
        library.finish(run_id)
        assert library.tags() == whole.tags()
