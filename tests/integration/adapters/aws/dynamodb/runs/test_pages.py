"""The pages of a run's segments, and the groups of each page that are to be queued."""

import pytest
from msgspec.structs import replace

from autotag.domain.runs.run import Counts, Group, RunStatus
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import ID, T0, TWO, begun, stored


def test_a_page_is_stored_with_the_place_where_its_segment_goes_on(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "3", "ASSET#ü", TWO, Counts(seen=500, planned=3, units=2, renamed=1))
    assert stored(runs) == replace(
        run,
        cursors=run.cursors | {"3": "ASSET#ü"},
        pages=1,
        outbox={"3": TWO},
        groups=frozenset({"0.0.0", "0.0.1"}),
        counts=Counts(seen=500, planned=3, units=2, renamed=1),
    )


def test_a_page_that_changes_nothing_leaves_nothing_to_queue(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "0", "ASSET#a", (), Counts(seen=500))
    assert stored(runs) == replace(run, cursors=run.cursors | {"0": "ASSET#a"}, pages=1, counts=Counts(seen=500))


def test_the_last_page_ends_its_segment(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "2", None, TWO, Counts())
    assert stored(runs).cursors == {segment: "" for segment in run.cursors if segment != "2"}


def test_of_two_that_look_at_pages_at_once_one_wins(runs: RunStore) -> None:
    """Whether at the same segment or at another: only one page is in hand, and the other planner reads anew."""
    run = begun(runs)
    assert runs.planned(run, "0", "ASSET#b", TWO, Counts(seen=5, planned=3))
    won = stored(runs)
    assert not runs.planned(run, "0", "ASSET#b", TWO, Counts(seen=5, planned=3))
    assert not runs.planned(run, "1", None, (Group("0.0.9", ("a9",)),), Counts(seen=5, planned=1))
    assert stored(runs) == won


def test_a_segment_that_stands_elsewhere_is_not_moved(runs: RunStore) -> None:
    run = begun(runs)
    assert not runs.planned(replace(run, cursors={"0": "ASSET#x"}), "0", None, (), Counts())
    assert not runs.planned(replace(run, epoch=1), "0", None, (), Counts())
    assert stored(runs) == run


@pytest.mark.parametrize("status", ["paused", "cancelled", "done"])
def test_nothing_is_planned_for_a_run_that_does_not_run(runs: RunStore, status: RunStatus) -> None:
    run = begun(runs)
    put_to(runs, status)
    assert not runs.planned(run, "0", None, TWO, Counts(seen=1))
    assert stored(runs).outbox == {} and stored(runs).groups == frozenset() and stored(runs).counts == run.counts


def put_to(runs: RunStore, status: RunStatus) -> None:
    """Bring a run to ``status``; for ``done``, its segments are first gone through."""
    if status != "done":
        assert runs.stop(ID, status, "by ada", T0 + 1)
        return
    for segment in sorted(stored(runs).cursors):
        assert runs.planned(stored(runs), segment, None, (), Counts())
    assert runs.end(ID, T0 + 1)


def test_what_was_queued_is_forgotten_and_only_by_who_knows_the_page(runs: RunStore) -> None:
    run = begun(runs)
    runs.planned(run, "0", "ASSET#b", TWO, Counts())
    first = stored(runs)
    runs.queued(first, "0", T0 + 7)
    assert stored(runs) == replace(first, outbox={}, free_at=T0 + 7)
    runs.queued(first, "0", 0)  # another one had queued the same
    runs.planned(stored(runs), "0", None, (Group("0.1.0", ("a4",)),), Counts())
    late = stored(runs)
    runs.queued(first, "0", T0 + 9)
    assert stored(runs) == late and late.outbox == {"0": (Group("0.1.0", ("a4",)),)}


def test_an_outbox_of_before_a_stop_empties_none_of_after_it(runs: RunStore) -> None:
    runs.planned(begun(runs), "0", "ASSET#b", TWO, Counts())
    before = stored(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs))
    runs.planned(stored(runs), "0", "ASSET#b", TWO, Counts())
    after = stored(runs)
    runs.queued(before, "0", 0)
    assert stored(runs) == after and after.outbox == {"0": TWO}


def test_what_was_queued_before_a_stop_makes_nothing_wait_after_it(runs: RunStore) -> None:
    runs.planned(begun(runs), "0", "ASSET#b", TWO, Counts())
    before = stored(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs))
    after = stored(runs)
    runs.queued(before, "0", T0 + 9)
    assert stored(runs) == after and after.free_at == 0
