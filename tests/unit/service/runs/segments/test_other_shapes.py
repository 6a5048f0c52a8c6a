"""After going back one release, a run or an asset in a later shape does not keep the others waiting."""

from collections.abc import Sequence

from msgspec.structs import replace

from autotag.domain.errors import UnknownShape
from autotag.domain.model.messages import ProcessRunGroup
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_state import AssetState
from autotag.service.poller import advance_due_runs
from autotag.service.worker import handle
from tests.fakes.runs import FakeRuns
from tests.unit.service.runs.groups.group_library import THREE
from tests.unit.service.runs.run_library import GROUP, NEW, Library, is_planned


class LaterShape(FakeRuns):
    """Runs of which one is in a later shape."""

    later = ""

    def load(self, run_id: str) -> Run | None:
        if run_id == self.later:
            raise UnknownShape(f"run {run_id} has shape 2")
        return super().load(run_id)


def test_a_run_of_another_shape_does_not_keep_the_others_from_going_on() -> None:
    library = Library(12)
    library.fakes.rules.use(NEW, 1)
    first, second = library.run(), library.run()
    runs = LaterShape(library.fakes.effects)
    runs.items, runs.segments, runs.later = library.fakes.runs.items, library.fakes.runs.segments, first
    planner, deps = replace(library.planner, runs=runs), replace(library.fakes.deps, runs=runs)
    advance_due_runs(deps, planner, library.fakes.remaining)
    assert is_planned(library.run_of(second))


def test_an_asset_of_another_shape_does_not_keep_the_others_of_its_group_from_being_changed() -> None:
    library = Library(12)
    library.fakes.rules.use(NEW, 1)
    run_id, fakes = library.run(), library.fakes
    library.under_way(run_id, GROUP)
    before, load_all = library.tags(), fakes.store.load_all

    class Store:
        """The store, which cannot read a0."""

        def __getattr__(self, name: str) -> object:
            return getattr(fakes.store, name)

        def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
            if "a0" in asset_ids:
                raise UnknownShape("asset a0 has shape 2")
            return load_all(asset_ids)

    handle(replace(fakes.deps, store=Store()), ProcessRunGroup(run_id, GROUP, THREE), fakes.remaining)
    changed = {name for name, tags in library.tags().items() if tags != before[name]}
    assert changed == {"a4", "a8"} and fakes.telemetry.counts["UnknownShape"] >= 1
