"""The pages of a run's segments, and the groups of each page that are to be queued."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from autotag.domain.runs.progress import Counts, Group, Segment
from autotag.domain.runs.run import RunStatus
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import FIRST, ID, LATER, T0, TWO, begun, moved, stored


def test_a_page_is_stored_with_the_place_where_its_segment_goes_on(runs: RunStore) -> None:
    run = begun(runs)
    counts = Counts(seen=500, planned=3, units=2, renamed=1)
    assert runs.planned(run, "3", "ASSET#ü", TWO, counts)
    groups = frozenset({FIRST, "0.0.0.1"})
    assert stored(runs) == moved(run, "3", pages=1, cursor="ASSET#ü", outbox=TWO, groups=groups, counts=counts)


def test_a_page_that_changes_nothing_leaves_nothing_to_queue(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "0", "ASSET#a", (), Counts(seen=500))
    assert stored(runs) == moved(run, "0", pages=1, cursor="ASSET#a", counts=Counts(seen=500))


def test_the_last_page_ends_its_segment(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "2", None, TWO, Counts())
    assert {name for name, segment in stored(runs).segments.items() if segment.cursor is None} == {"2"}


@pytest.mark.parametrize("first", ["", "ASSET#a"])
def test_of_two_that_look_at_one_page_one_wins(runs: RunStore, first: str) -> None:
    run = begun(runs)
    if first:
        assert runs.planned(run, "0", first, (), Counts())
        run = stored(runs)
    assert runs.planned(run, "0", "ASSET#b", TWO, Counts(seen=5, planned=3))
    won = stored(runs)
    assert not runs.planned(run, "0", "ASSET#c", (LATER,), Counts(seen=5, planned=3))
    assert stored(runs) == won


@pytest.mark.parametrize("order", list(permutations(("0", "1", "2"))))
def test_segments_do_not_wait_for_each_other(runs: RunStore, order: tuple[str, ...]) -> None:
    """Whoever read the run before any of these pages was stored stores its page all the same."""
    run = begun(runs)
    for segment in order:
        groups = (Group(f"0.{segment}.0.0", (f"a{segment}",)),)
        assert runs.planned(run, segment, f"ASSET#{segment}", groups, Counts(seen=5, planned=1))
    now = stored(runs)
    assert now.counts == Counts(seen=15, planned=3) and now.groups == {FIRST, "0.1.0.0", "0.2.0.0"}
    for segment in order:
        runs.queued(now, segment)
    assert all(segment.outbox == () for segment in stored(runs).segments.values())


@pytest.mark.parametrize("late", [{"pages": 2}, {"epoch": 1}], ids=["page", "pass"])
def test_a_segment_that_stands_elsewhere_is_not_moved(runs: RunStore, late: dict[str, int]) -> None:
    assert runs.planned(begun(runs), "0", "ASSET#x", (), Counts())
    before = stored(runs)
    epoch = late.get("epoch", 0)
    known = Segment(epoch, late.get("pages", 1), "ASSET#y")
    assert not runs.planned(replace(before, epoch=epoch, segments={"0": known}), "0", None, (), Counts())
    assert stored(runs) == before


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_what_is_planned_while_a_run_is_stopped_is_forgotten_when_it_goes_on(runs: RunStore, status: RunStatus) -> None:
    """Its planner had read it before; workers carry out no group of a run that does not run."""
    run = begun(runs)
    assert runs.stop(ID, status, "by ada", T0 + 1)
    assert runs.planned(run, "0", None, TWO, Counts(seen=1, planned=1))
    assert runs.take_time(run, 1000, T0) is None and stored(runs).status == status
    if status == "paused":
        assert runs.resume(stored(runs))
        assert stored(runs).groups == frozenset() and stored(runs).segments["0"].cursor == ""


def test_what_was_queued_is_forgotten_and_only_by_who_knows_the_page(runs: RunStore) -> None:
    run = begun(runs)
    runs.planned(run, "0", "ASSET#b", TWO, Counts())
    first = stored(runs)
    runs.queued(first, "0")
    assert stored(runs) == moved(first, "0", outbox=())
    runs.queued(first, "0")  # another one had queued the same
    runs.planned(stored(runs), "0", None, (LATER,), Counts())
    late = stored(runs)
    runs.queued(first, "0")
    assert stored(runs) == late and late.segments["0"].outbox == (LATER,)


def test_an_outbox_of_before_a_stop_empties_none_of_after_it(runs: RunStore) -> None:
    runs.planned(begun(runs), "0", "ASSET#b", TWO, Counts())
    before = stored(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs))
    again = (Group("1.0.0.0", ("a1",)),)
    runs.planned(stored(runs), "0", "ASSET#b", again, Counts())
    after = stored(runs)
    runs.queued(before, "0")
    assert stored(runs) == after and after.segments["0"].outbox == again and after.groups == {"1.0.0.0"}


def test_of_those_who_look_at_the_first_page_of_another_pass_one_wins(runs: RunStore) -> None:
    """Also against whoever still plans the pass before it."""
    runs.planned(begun(runs), "0", "ASSET#b", TWO, Counts(seen=5))
    before = stored(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs))
    now = stored(runs)
    assert runs.planned(now, "0", "ASSET#c", (), Counts(seen=4))
    won = stored(runs)
    assert not runs.planned(now, "0", None, (), Counts()) and not runs.planned(before, "0", None, (), Counts())
    assert not runs.handled(ID, TWO[0].id, Counts(done=1))  # a group of the pass before it
    assert stored(runs) == won and won.segments["0"].outbox == () and won.counts.seen == 9


def test_a_page_that_is_planned_late_in_the_pass_before_keeps_no_segment_from_beginning(runs: RunStore) -> None:
    runs.planned(begun(runs), "0", "ASSET#b", (), Counts())
    before = stored(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs))
    assert runs.planned(before, "0", "ASSET#c", TWO, Counts())
    now = stored(runs)
    assert now.segments["0"] == Segment(1) and now.groups == frozenset()
    assert runs.planned(now, "0", None, (), Counts()) and stored(runs).segments["0"].is_through


def test_time_is_taken_after_what_was_taken_before_or_from_now(runs: RunStore) -> None:
    run = begun(runs)
    taken = [runs.take_time(stored(runs), 5000, now) for now in (T0, T0, T0 + 4000, T0 + 60_000)]
    assert taken == [T0, T0 + 5000, T0 + 10_000, T0 + 60_000] and stored(runs).free_at == T0 + 65_000
    assert runs.take_time(run, 5000, T0) == T0 + 65_000  # though it was read before any time was taken
    assert runs.take_time(stored(runs), 5000, T0 + 90_000) == T0 + 90_000
    assert runs.take_time(replace(stored(runs), free_at=T0 * 2), 5000, T0 + 99_000) == T0 + 99_000


def test_no_time_is_taken_for_a_pass_that_is_over(runs: RunStore) -> None:
    before = begun(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs))
    after = stored(runs)
    assert runs.take_time(before, 9000, T0) is None
    assert stored(runs) == after and after.free_at == 0
