"""The groups of a run that are handled: each is counted once, and the last one of a segment is known."""

import pytest
from msgspec.structs import replace

from autotag.domain.runs.progress import Counts, Group
from autotag.domain.runs.run import RunStatus
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import (
    FIRST,
    ID,
    LATER,
    T0,
    TWO,
    begun,
    look_at_the_rest,
    moved,
    stored,
    through,
)


def test_a_group_is_taken_off_and_counted_once_and_nothing_else(runs: RunStore) -> None:
    run = through(runs)
    assert run.groups == {FIRST, "0.0.0.1"}
    counts = run.segments["0"].counts.plus(Counts(done=2, failed=1, reads=3))
    after = moved(run, "0", groups=frozenset({"0.0.0.1"}), counts=counts)
    for _ in range(2):
        assert not runs.handled(ID, FIRST, Counts(done=2, failed=1, reads=3))
        assert stored(runs) == after
    for nobody in ("9.0.9.9", "0.1.0.0", "0.0.0", "0", ""):
        assert not runs.handled(ID, nobody, Counts(done=1))
    assert stored(runs) == after
    assert runs.handled(ID, "0.0.0.1", Counts())
    assert stored(runs) == moved(after, "0", groups=frozenset())


def test_who_takes_the_last_group_off_a_segment_is_told_so_whatever_other_segments_have(runs: RunStore) -> None:
    begun(runs)
    for segment in ("0", "1"):
        groups = tuple(replace(group, id=f"0.{segment}.0.{n}") for n, group in enumerate(TWO))
        assert runs.planned(stored(runs), segment, "x", groups, Counts())
    handled = [runs.handled(ID, group, Counts(done=1)) for group in (FIRST, "0.1.0.1", "0.1.0.0", "0.0.0.1")]
    assert handled == [False, False, True, True] and stored(runs).counts.done == 4


def test_a_segment_is_through_once_no_page_outbox_or_group_is_left(runs: RunStore) -> None:
    run = begun(runs)
    segments = sorted(run.segments)
    for segment in segments[:-1]:
        runs.planned(stored(runs), segment, None, (), Counts())
    assert not stored(runs).is_through  # a segment is left
    last = (Group("0.3.0.0", ("a1",)),)
    runs.planned(stored(runs), segments[-1], None, last, Counts())
    assert not stored(runs).is_through  # its group is left
    runs.handled(ID, last[0].id, Counts(done=1))
    assert stored(runs).groups == frozenset() and not stored(runs).is_through  # its outbox is left
    runs.queued(stored(runs), segments[-1])
    assert stored(runs).is_through


def test_a_run_waits_for_every_group(runs: RunStore) -> None:
    through(runs)
    for group in TWO:
        assert not stored(runs).is_through
        runs.handled(ID, group.id, Counts(done=1))
    assert stored(runs).is_through
    assert runs.end(stored(runs), T0 + 5)
    assert (stored(runs).status, stored(runs).ended_at) == ("done", T0 + 5)
    assert not runs.end(stored(runs), T0 + 9) and stored(runs).ended_at == T0 + 5


def test_a_run_that_began_another_pass_is_not_ended_by_who_saw_the_one_before(runs: RunStore) -> None:
    through(runs, ())
    seen = stored(runs)
    assert seen.is_through and runs.restart_pass(seen, T0)
    assert not runs.end(seen, T0 + 5) and stored(runs).status == "running"


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_a_stopped_run_is_not_done_though_nothing_is_left(runs: RunStore, status: RunStatus) -> None:
    through(runs, ())
    runs.stop(ID, status, "by ada", T0)
    assert not runs.end(stored(runs), T0 + 5) and stored(runs).status == status


def test_counts_add_up(runs: RunStore) -> None:
    begun(runs)
    runs.count(ID, Counts())
    runs.count(ID, Counts(1, 2, 3, 4, 5, 6, 7, 8, 9))
    runs.count(ID, Counts(done=250, failed=1))
    assert stored(runs).counts == Counts(1, 2, 253, 5, 5, 6, 7, 8, 9)


def test_counts_are_those_of_the_run_and_of_every_segment(runs: RunStore) -> None:
    run = through(runs)
    runs.count(ID, Counts(calls=5))
    runs.handled(ID, TWO[0].id, Counts(done=2, missed=1))
    assert stored(runs).counts == Counts(
        seen=3 * len(run.segments), planned=2 * len(run.segments), done=2, missed=1, calls=5
    )


def test_groups_of_a_later_page_join_those_that_are_under_way(runs: RunStore) -> None:
    assert runs.planned(begun(runs), "0", "x", TWO, Counts())
    runs.queued(stored(runs), "0")
    assert runs.planned(stored(runs), "0", None, (LATER,), Counts())
    assert stored(runs).groups == {*(group.id for group in TWO), LATER.id}
    look_at_the_rest(runs)
    assert not stored(runs).is_through
