"""Another pass over what a run missed: once, when it is due."""

import pytest
from msgspec.structs import replace

from autotag.domain.runs.progress import Counts, Group, Segment
from autotag.domain.runs.run import Run, RunStatus
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import FIRST, ID, T0, look_at_the_rest, stored, through


def missing_one(runs: RunStore) -> Run:
    """Handle both groups, and miss an asset of one."""
    through(runs)
    runs.handled(ID, FIRST, Counts(done=1, missed=1))
    runs.handled(ID, "0.0.0.1", Counts(done=1))
    return stored(runs)


def test_what_was_missed_is_gone_through_once_more_when_it_is_due(runs: RunStore) -> None:
    run = missing_one(runs)
    assert run.is_through and run.counts.missed == 1
    assert runs.restart_pass(run, T0 + 300_000)
    counts = {name: replace(segment.counts, missed=0) for name, segment in run.segments.items()}
    assert stored(runs) == replace(
        run,
        epoch=1,
        segments={name: Segment(1, counts=counts[name]) for name in run.segments},
        counts=replace(run.counts, missed=0),
        due_at=T0 + 300_000,
    )
    assert runs.due(T0 + 299_999) == [] and runs.due(T0 + 300_000) == [ID]
    assert not stored(runs).is_through
    look_at_the_rest(runs)
    assert stored(runs).is_through and stored(runs).counts.missed == 0
    assert runs.end(stored(runs), T0 + 6)


def test_of_two_that_go_through_it_once_more_one_wins(runs: RunStore) -> None:
    run = missing_one(runs)
    assert runs.restart_pass(run, T0) and not runs.restart_pass(run, T0 + 9) and stored(runs).epoch == 1


def test_who_is_late_does_not_go_through_it_once_more_again(runs: RunStore) -> None:
    run = missing_one(runs)
    assert runs.restart_pass(run, T0)
    look_at_the_rest(runs)
    through_twice = stored(runs)
    assert not runs.restart_pass(run, T0 + 9) and stored(runs) == through_twice


def test_a_pass_counts_what_it_missed_itself(runs: RunStore) -> None:
    run = missing_one(runs)
    assert runs.restart_pass(run, T0)
    again = (Group("1.0.0.0", ("a1",)),)
    assert runs.planned(stored(runs), "0", None, again, Counts())
    assert stored(runs).counts.missed == 0
    runs.handled(ID, "1.0.0.0", Counts(missed=2))
    assert stored(runs).counts.missed == 2 and stored(runs).counts.done == 2


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_a_stopped_run_does_not_begin_anew(runs: RunStore, status: RunStatus) -> None:
    missing_one(runs)
    runs.stop(ID, status, "by ada", T0)
    stopped = stored(runs)
    assert not runs.restart_pass(stopped, T0) and stored(runs) == stopped


def test_a_run_that_went_on_has_missed_nothing_yet(runs: RunStore) -> None:
    missing_one(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs)) and stored(runs).counts.missed == 0
