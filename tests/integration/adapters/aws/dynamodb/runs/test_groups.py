"""The groups of a run that are handled: each is counted once, and the last one ends the run."""

import pytest
from msgspec.structs import replace

from autotag.domain.runs.run import Counts, RunStatus
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import ID, T0, TWO, begun, stored, through


def test_a_group_is_taken_off_and_counted_once_and_nothing_else(runs: RunStore) -> None:
    run = through(runs)
    assert run.groups == {"0.0.0", "0.0.1"}
    counts = Counts(run.counts.seen, run.counts.planned, done=2, failed=1, calls=3)
    for _ in range(2):
        runs.handled(ID, "0.0.0", Counts(done=2, failed=1, calls=3))
        assert stored(runs) == replace(run, groups=frozenset({"0.0.1"}), counts=counts)
    for nobody in ("9.9.9", "0.0", ""):
        runs.handled(ID, nobody, Counts(done=1))
    assert stored(runs) == replace(run, groups=frozenset({"0.0.1"}), counts=counts)
    runs.handled(ID, "0.0.1", Counts())
    assert stored(runs) == replace(run, groups=frozenset(), counts=counts)


def test_a_run_is_done_once_no_segment_outbox_or_group_is_left(runs: RunStore) -> None:
    run = begun(runs)
    segments = sorted(run.cursors)
    for segment in segments[:-1]:
        runs.planned(stored(runs), segment, None, (), Counts())
    assert not runs.end(ID, T0 + 5)  # a segment is left
    runs.planned(stored(runs), segments[-1], None, TWO, Counts())
    for group in TWO:
        runs.handled(ID, group.id, Counts(done=1))
    assert stored(runs).groups == frozenset() and not runs.end(ID, T0 + 5)  # its outbox is left
    runs.queued(stored(runs), segments[-1], 0)
    assert runs.end(ID, T0 + 5)
    assert (stored(runs).status, stored(runs).ended_at) == ("done", T0 + 5)
    assert not runs.end(ID, T0 + 9) and stored(runs).ended_at == T0 + 5


def test_a_run_waits_for_every_group(runs: RunStore) -> None:
    through(runs)
    for group in TWO:
        assert not runs.end(ID, T0 + 5)
        runs.handled(ID, group.id, Counts(done=1))
    assert runs.end(ID, T0 + 5)


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_a_stopped_run_is_not_done_though_nothing_is_left(runs: RunStore, status: RunStatus) -> None:
    through(runs, ())
    runs.stop(ID, status, "by ada", T0)
    assert not runs.end(ID, T0 + 5) and stored(runs).status == status


def test_counts_add_up(runs: RunStore) -> None:
    begun(runs)
    runs.count(ID, Counts())
    runs.count(ID, Counts(1, 2, 3, 4, 5, 6, 7, 8, 9))
    runs.count(ID, Counts(done=250, failed=1))
    assert stored(runs).counts == Counts(1, 2, 253, 5, 5, 6, 7, 8, 9)
