"""A run over assets that are named reads those alone, by their asset_ids or public_ids."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Invalid, UnknownShape
from autotag.domain.runs.run import SEGMENTS, Filter, Run
from autotag.domain.state.asset_state import AssetState
from autotag.service.runs.plan import plan_page
from autotag.service.runs.requests import shown
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.retag.retag_library import given
from tests.unit.service.runs.run_library import Library
from tests.unit.service.settle import check


class Reads:
    """The pages of a library, which keep what was read: ids of items, names of queries; a scan is refused."""

    def __init__(self, library: Library) -> None:
        self.store = library.fakes.store
        self.ids: list[str] = []
        self.names: list[str] = []
        self.unknown: set[str] = set()

    def page(self, *_: Any) -> tuple[list[AssetState], str | None]:
        raise AssertionError("a scan")

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        self.ids += asset_ids
        if unknown := self.unknown.intersection(asset_ids):
            raise UnknownShape(f"asset {min(unknown)} has shape 9")
        return self.store.load_all(asset_ids)

    def named(self, public_id: str) -> list[str]:
        self.names.append(public_id)
        return self.store.named(public_id)


def reading(library: Library) -> Reads:
    """Have the library's planner read through a counter."""
    reads = Reads(library)
    library.planner = replace(library.planner, pages=reads)
    return reads


def retagged(library: Library) -> set[str]:
    return {a.asset.asset_id for a in library.fakes.audits.records.values() if a.trigger.kind == "retag"}


def named(library: Library, *assets: str) -> str:
    return library.run(filter=Filter(assets=assets))


def test_of_asset_ids_each_is_read_once_and_nothing_else() -> None:
    library = given(40)
    reads = reading(library)
    run = library.finish(named(library, "a0", "a5", "a7"))

    assert (reads.ids, reads.names) == (["a0", "a5", "a7"], [])
    assert retagged(library) == {"a0", "a5", "a7"}
    assert (run.status, run.counts.seen, run.counts.done) == ("done", 3, 3)
    check(library.fakes)


def test_of_names_each_is_one_query_and_one_read() -> None:
    library = given(40)
    reads = reading(library)
    library.finish(named(library, "stage/0", "a5", "stage/7"))

    assert (reads.ids, reads.names) == (["a5", "a0", "a7"], ["stage/0", "stage/7"])
    assert retagged(library) == {"a0", "a5", "a7"}


def test_a_name_that_looks_like_an_asset_id_is_found() -> None:
    library = given(4)
    body = resource("b1", {"People": 0.99, "Guitar": 0.8}, public_id="guitarist")
    library.fakes.cloudinary.assets["b1"] = body
    handle(library.fakes.deps, upload(dict(body), digest="b"), library.fakes.remaining)
    library.fakes.rules.use("[defaults]\nthreshold = 0.97\n", 2)
    library.finish(named(library, "guitarist"))

    assert library.tags()["b1"] == {"People"} and retagged(library) == {"b1"}


def test_a_name_that_several_assets_have_means_all_of_them() -> None:
    library = given(8)
    state = library.fakes.store.items["a4"]
    library.fakes.store.items["a4"] = replace(state, asset=replace(state.asset, public_id="stage/0"))
    library.fakes.cloudinary.assets["a4"]["public_id"] = "stage/0"
    run = library.run_of(named(library, "stage/0"))

    planned, seen, after = plan_page(library.planner, run, 0, "")
    assert ({each.state.asset.asset_id for each in planned}, seen, after) == ({"a0", "a4"}, 2, None)


def test_an_asset_that_is_named_twice_is_changed_once() -> None:
    library = given(12)
    run = library.finish(named(library, "a0", "stage/0", "a0"))

    assert (run.counts.seen, run.counts.planned, run.counts.done) == (1, 1, 1)


def test_what_is_gone_or_was_never_seen_is_left_out() -> None:
    library = given(8)
    store = library.fakes.store.items
    store["a0"] = replace(store["a0"], status="gone")
    run = library.finish(named(library, "a0", "a5", "nobody", "no/where"))

    assert (run.status, run.counts.seen, run.counts.done) == ("done", 1, 1) and retagged(library) == {"a5"}


def test_other_filters_hold_as_well() -> None:
    library = given(8)
    run = library.run(filter=Filter(assets=("a0", "a1"), tag="Cat"))
    assert library.plan(run).keys() == {"a1"}


def test_a_run_over_named_assets_has_one_segment() -> None:
    library = given(8)
    run_id = named(library, "a0", "a5")
    assert shown(library.run_of(run_id))["segments"] == {"through": 0, "of": 1}
    run = library.finish(run_id)
    assert shown(run)["segments"] == {"through": 1, "of": 1}


def test_many_names_are_read_page_by_page_and_none_is_left_out() -> None:
    library = given(600)
    reads = reading(library)
    names = tuple(f"stage/{n}" for n in range(600))
    run_id = named(library, *names)
    library.poll()
    assert library.run_of(run_id).segments["0"].pages == 3
    run = library.finish(run_id)

    assert tuple(reads.names) == names and len(reads.ids) == 600
    assert (run.status, run.counts.seen, run.counts.done) == ("done", 600, 450)


def plan_of(library: Library, run: Run, limit: int) -> list[str]:
    """Return the assets in a plan, as a command asks for it: page by page, of every segment that there may be."""
    found: list[str] = []
    for segment in range(SEGMENTS):
        cursor: str | None = ""
        while cursor is not None:
            planned, _, cursor = plan_page(library.planner, run, segment, cursor, limit)
            found += [each.state.asset.asset_id for each in planned]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_a_plan_has_each_named_asset_once_whatever_the_size_of_its_pages(limit: int) -> None:
    library = given(12)
    reads = reading(library)
    run = library.run_of(named(library, "a0", "stage/1", "a3"))
    assert sorted(plan_of(library, run, limit)) == ["a0", "a1", "a3"]
    assert len(reads.ids) == 3 and reads.names == ["stage/1"]


@pytest.mark.parametrize("cursor", ["ASSET#a1", "-1", "1.5", "²"])
def test_a_cursor_that_no_plan_answered_is_refused(cursor: str) -> None:
    library = given(4)
    with pytest.raises(Invalid, match="cursor: expected one that this plan answered"):
        plan_page(library.planner, library.run_of(named(library, "a0")), 0, cursor)


def test_an_item_of_another_version_is_counted_and_left_and_the_others_are_done() -> None:
    library = given(12)
    reading(library).unknown = {"a1"}
    run = library.finish(named(library, "a0", "a1", "stage/5"))

    assert retagged(library) == {"a0", "a5"} and run.status == "done"
    assert library.fakes.telemetry.counts["UnknownShape"] == 1
    skipped = [fields for event, fields in library.fakes.telemetry.lines if event == "item_skipped"]
    assert skipped == [{"fault": "asset a1 has shape 9"}]


def test_reverting_named_assets_reads_no_others() -> None:
    library = given(40)
    reads = reading(library)
    library.finish(library.run("revert", filter=Filter(assets=("a0", "stage/5"))))

    assert sorted(reads.ids) == ["a0", "a5"] and reads.names == ["stage/5"]
    assert library.tags()["a0"] == library.tags()["a5"] == {"press"}
