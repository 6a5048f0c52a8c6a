"""A run while Cloudinary does not answer: its groups are missed at once, and another pass takes them up."""

import pytest

from autotag.adapters.cloudinary.circuit import FAILURES
from autotag.service.poller import advance_due_runs
from autotag.service.worker import handle
from tests.fakes.circuits import SilentCloudinary
from tests.fakes.minute import a_minute
from tests.unit.service.runs.run_library import Library


@pytest.fixture
def silent(library: Library) -> SilentCloudinary:
    return SilentCloudinary(library.fakes)


def minutes(library: Library, silent: SilentCloudinary, count: int) -> None:
    """Let the poller and the workers run for so many minutes."""
    for _ in range(count):
        library.fakes.clock.advance(60)
        a_minute(library.fakes, silent.deps)
        advance_due_runs(silent.deps, library.planner, library.fakes.remaining)
        while library.bulk.messages:
            handle(silent.deps, library.bulk.messages.pop(0), library.fakes.remaining)


def test_a_group_is_missed_without_a_call_and_planning_waits_a_minute(
    library: Library, silent: SilentCloudinary
) -> None:
    silent.silent = {"upload"}
    for _ in range(FAILURES):
        silent.circuits["upload"].failed()
    run_id = library.run()
    advance_due_runs(silent.deps, library.planner, library.fakes.remaining)
    group = library.bulk.messages[0]
    handle(silent.deps, group, library.fakes.remaining)

    assert silent.tried == []
    assert library.run_of(run_id).counts.missed == len(group.asset_ids)
    assert 0 < library.run_of(run_id).due_at - library.fakes.clock.time <= 60_000
    assert not any(state.intent for state in library.fakes.store.items.values())


def test_a_run_that_meets_an_outage_of_an_hour_is_done_ten_minutes_after_it(
    library: Library, silent: SilentCloudinary
) -> None:
    run_id = library.run()
    plan, before = library.plan(run_id), library.tags()
    silent.silent = {"upload", "admin"}
    minutes(library, silent, 60)
    assert library.tags() == before and library.run_of(run_id).status == "running"
    silent.silent = set()
    minutes(library, silent, 10)

    assert library.run_of(run_id).status == "done"
    assert library.tags() == {
        asset: (tags - plan[asset][1]) | plan[asset][0] if asset in plan else tags for asset, tags in before.items()
    }
