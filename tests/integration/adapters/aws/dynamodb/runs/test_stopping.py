"""Pausing and cancelling a run, and going on with it."""

import pytest
from msgspec.structs import replace

from autotag.domain.runs.progress import Counts, Segment
from autotag.domain.runs.run import RunStatus
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import ID, T0, begun, stored, through


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_a_stop_says_why_and_takes_the_run_off_what_is_due(runs: RunStore, status: RunStatus) -> None:
    run = begun(runs)
    assert runs.stop(ID, status, "by Zoë", T0 + 7)
    assert stored(runs) == replace(run, status=status, why="by Zoë", ended_at=T0 + 7, due_at=0)
    runs.postpone(ID, 0)
    assert runs.due(T0 * 2) == []


def test_a_paused_run_may_still_be_cancelled_and_what_is_over_stays_so(runs: RunStore) -> None:
    begun(runs)
    assert runs.stop(ID, "paused", "by ada", T0 + 1) and runs.stop(ID, "cancelled", "by bob", T0 + 2)
    expected = stored(runs)
    assert not runs.stop(ID, "paused", "by eve", T0 + 3) and not runs.resume(expected)
    assert stored(runs) == expected and expected.status == "cancelled"


def test_what_is_done_cannot_be_stopped_or_gone_on_with(runs: RunStore) -> None:
    through(runs, ())
    runs.end(stored(runs), T0 + 5)
    expected = stored(runs)
    assert not runs.stop(ID, "cancelled", "by ada", T0 + 6) and not runs.resume(expected)
    assert stored(runs) == expected and runs.due(T0 * 2) == []


def test_going_on_begins_every_segment_again_and_forgets_what_was_under_way(runs: RunStore) -> None:
    through(runs)
    runs.count(ID, Counts(done=2, calls=1))
    runs.stop(ID, "paused", "by ada", T0 + 1)
    paused = stored(runs)
    assert runs.resume(paused)
    assert stored(runs) == replace(
        paused,
        status="running",
        why="",
        epoch=1,
        segments={name: Segment(1, counts=segment.counts) for name, segment in paused.segments.items()},
        ended_at=0,
    )
    assert runs.due(T0) == [ID]


def test_of_two_that_go_on_with_it_one_wins_and_a_running_run_is_left(runs: RunStore) -> None:
    run = begun(runs)
    assert not runs.resume(run)
    runs.stop(ID, "paused", "by ada", T0 + 1)
    paused = stored(runs)
    assert runs.resume(paused) and not runs.resume(paused)
    runs.stop(ID, "paused", "by ada", T0 + 1)
    assert not runs.resume(paused) and stored(runs).status == "paused"
