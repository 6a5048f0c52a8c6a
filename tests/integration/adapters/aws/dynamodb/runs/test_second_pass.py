"""Another pass over what a run missed: once, when it is due."""

import pytest
from msgspec.structs import replace

from autotag.domain.runs.run import Counts, Run, RunStatus, initial_cursors
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import ID, T0, TWO, begun, stored, through


def missing_one(runs: RunStore) -> Run:
    """Handle both groups, and miss an asset of one."""
    through(runs)
    runs.handled(ID, "0.0.0", Counts(done=1, missed=1))
    runs.handled(ID, "0.0.1", Counts(done=1))
    return stored(runs)


def test_what_was_missed_is_gone_through_once_more_when_it_is_due(runs: RunStore) -> None:
    run = missing_one(runs)
    assert not runs.end(ID, T0 + 5)
    assert runs.restart_pass(run, T0 + 300_000)
    counts = replace(run.counts, missed=0)
    assert stored(runs) == replace(run, epoch=1, cursors=initial_cursors("retag"), counts=counts, due_at=T0 + 300_000)
    assert runs.due(T0 + 299_999) == [] and runs.due(T0 + 300_000) == [ID]
    assert not runs.end(ID, T0 + 5)
    for segment in sorted(run.cursors | initial_cursors("retag")):
        assert runs.planned(stored(runs), segment, None, (), Counts())
    assert runs.end(ID, T0 + 6)


def test_of_two_that_go_through_it_once_more_one_wins(runs: RunStore) -> None:
    run = missing_one(runs)
    assert runs.restart_pass(run, T0) and not runs.restart_pass(run, T0 + 9) and stored(runs).epoch == 1


def test_who_is_late_does_not_go_through_it_once_more_again(runs: RunStore) -> None:
    run = missing_one(runs)
    assert runs.restart_pass(run, T0)
    for segment in initial_cursors("retag"):
        assert runs.planned(stored(runs), segment, None, (), Counts())
    through_twice = stored(runs)
    assert not runs.restart_pass(run, T0 + 9) and stored(runs) == through_twice


def test_nothing_is_gone_through_once_more_while_something_is_left(runs: RunStore) -> None:
    run = begun(runs)
    assert not runs.restart_pass(run, T0)  # segments are left
    for segment in sorted(run.cursors):
        runs.planned(stored(runs), segment, None, TWO if segment == "0" else (), Counts())
    for group in TWO:
        assert not runs.restart_pass(stored(runs), T0)
        runs.handled(ID, group.id, Counts(missed=1))
    assert not runs.restart_pass(stored(runs), T0)  # its outbox is left


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
