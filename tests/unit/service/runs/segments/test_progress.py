"""Segments that stand at different pages: what is shown of them, and pausing, resuming and another pass."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.runs.progress import Counts, Segment
from autotag.domain.runs.run import Run
from autotag.service.runs.advance import advance_segment
from autotag.service.runs.requests import shown
from autotag.service.worker import handle
from tests.fakes.effects import Died
from tests.fakes.runs import FakeRuns
from tests.fakes.samples import upload
from tests.unit.service.runs.retag.retag_library import expected, given
from tests.unit.service.runs.run_library import NEW, Library
from tests.unit.service.runs.segments.unlike import unlike
from tests.unit.service.settle import check

SIZE = 420
RATE = 1
"""Assets a second: so slow that a page holds only some of a segment."""


def begun(library: Library) -> str:
    """Begin a run of which the first segment is two pages on, the second one page, the others none."""
    run_id = library.run(rate=RATE)
    for name, seconds in (("0", 0), ("1", 0), ("0", 600)):
        library.fakes.clock.advance(seconds)
        one_page(library, run_id, name)
    return run_id


def one_page(library: Library, run_id: str, name: str) -> None:
    """Plan and queue one page of a segment."""
    pages = library.run_of(run_id).segments[name].pages

    def remaining() -> float:
        segment = library.run_of(run_id).segments[name]
        return 0.0 if segment.pages > pages and not segment.outbox else 60.0

    advance_segment(library.planner, run_id, name, remaining)


def pages(run: Run) -> dict[str, int]:
    return {name: segment.pages for name, segment in run.segments.items()}


def finish(library: Library, run_id: str) -> Run:
    """Let a slow run end: minutes pass at the pace of its pages."""
    for _ in range(60):
        if library.run_of(run_id).status != "running":
            break
        library.poll()
        library.work()
        library.fakes.clock.advance(300)
    return library.run_of(run_id)


def test_segments_stand_where_each_got_to() -> None:
    library = given(SIZE)
    run = library.run_of(begun(library))
    assert pages(run) == {"0": 2, "1": 1, "2": 0, "3": 0}
    assert [segment.cursor is None for segment in run.segments.values()] == [True, False, False, False]
    assert shown(run)["segments"] == {"through": 1, "of": 4}
    assert shown(run)["under_way"] == len({message.group for message in library.bulk.messages}) == len(run.groups)


@pytest.mark.parametrize("work_first", [False, True])
def test_a_run_that_is_paused_with_segments_at_different_pages_goes_on_and_does_everything_once(
    work_first: bool,
) -> None:
    library = given(SIZE)
    run_id = begun(library)
    wanted = expected(library, library.plan(run_id))
    if work_first:
        library.work()
    runs, before = library.fakes.runs, library.tags()
    assert runs.stop(run_id, "paused", "by an operator", library.fakes.clock.now())
    library.work()
    library.poll()
    assert library.tags() == before
    assert runs.resume(library.run_of(run_id))
    assert all(segment == Segment(1, counts=segment.counts) for segment in library.run_of(run_id).segments.values())
    run = finish(library, run_id)

    assert run.status == "done" and library.tags() == wanted
    retagged = [a.asset.asset_id for a in library.fakes.audits.records.values() if a.trigger.kind == "retag"]
    assert len(retagged) == len(set(retagged)) == run.counts.done
    check(library.fakes)


def test_groups_of_before_a_pause_are_dropped_though_their_segment_has_not_begun_again() -> None:
    library = given(SIZE)
    run_id = begun(library)
    old = list(library.bulk.messages)
    runs, before = library.fakes.runs, library.tags()
    assert runs.stop(run_id, "paused", "by an operator", library.fakes.clock.now())
    assert runs.resume(library.run_of(run_id))
    one_page(library, run_id, "1")
    for message in old:
        handle(library.fakes.deps, message, library.fakes.remaining)
    assert library.tags() == before and library.fakes.telemetry.counts["Dropped"] == len(old)


def test_another_pass_begins_once_every_segment_is_through_and_counts_what_it_misses_itself() -> None:
    library = given(SIZE)
    run_id = begun(library)
    wanted = expected(library, library.plan(run_id))
    held = library.bulk.messages[0].asset_ids[0]
    body = dict(library.fakes.cloudinary.assets[held], version=200)
    library.fakes.cloudinary.assets[held] = body
    library.fakes.cloudinary.fails = [Retryable("503", delay=900)]
    handle(library.fakes.deps, upload(dict(body), library.fakes.clock.now(), "live"), library.fakes.remaining)
    library.work()
    run = library.run_of(run_id)
    assert (run.status, run.counts.missed, run.epoch) == ("running", 1, 0)
    for _ in range(60):
        if library.run_of(run_id).epoch:
            break
        library.poll()
        library.work()
        library.fakes.clock.advance(120)
    run = library.run_of(run_id)
    assert (run.epoch, run.counts.missed, run.counts.seen) == (1, 0, SIZE)
    assert pages(run) == dict.fromkeys("0123", 0)
    run = finish(library, run_id)
    assert run.status == "done" and library.tags() == wanted
    assert run.counts.seen == (run.epoch + 1) * SIZE  # every pass looks at everything


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(8))
def test_progress_is_the_sum_of_the_segments_also_after_a_worker_died(number: int, when: str) -> None:
    """Nothing is counted twice, and what is under way is what is left to do."""
    library = given(48)
    run_id = library.run()
    library.poll()
    message = library.bulk.messages.pop(0)
    effects = library.fakes.effects
    effects.die_at = (effects.done + number, when)
    with pytest.raises(Died):
        handle(library.fakes.deps, message, library.fakes.remaining)
    effects.die_at = None
    run = library.run_of(run_id)
    assert run.counts == sum_of(library, run_id)
    assert shown(run)["under_way"] == len(library.bulk.messages) + 1
    library.bulk.messages.append(message)
    library.fakes.clock.advance(360)
    run = library.finish(run_id)
    assert (run.status, shown(run)["under_way"]) == ("done", 0)
    assert run.counts == sum_of(library, run_id) and run.counts.planned >= 36


def sum_of(library: Library, run_id: str) -> Counts:
    """Return the counts of a run's own item and of the items of its segments."""
    runs = library.fakes.runs
    total = runs.items[run_id].counts
    for (of, _), segment in runs.segments.items():
        total = total.plus(segment.counts) if of == run_id else total
    return total


class Looked:
    """The store of runs, which counts how often a run is looked at."""

    def __init__(self, runs: FakeRuns) -> None:
        self._runs, self.times = runs, 0

    def __getattr__(self, name: str) -> Any:
        self.times += name == "load"
        return getattr(self._runs, name)


def test_only_who_takes_the_last_group_off_a_segment_tries_to_end_the_run() -> None:
    """All changes of a page are different, so a segment has several groups."""
    library = unlike(160)
    library.fakes.rules.use(NEW, 1)
    run_id = library.run()
    library.poll()
    looked = []
    while library.bulk.messages:
        runs = Looked(library.fakes.runs)
        handle(replace(library.fakes.deps, runs=runs), library.bulk.messages.pop(), library.fakes.remaining)
        looked.append(runs.times)

    assert looked == [1, 1, 1, 2] and library.run_of(run_id).status == "done"


def test_the_poller_ends_a_run_whose_worker_died_after_the_last_group() -> None:
    library = given(12)
    run_id = library.run()
    library.poll()
    *others, last = library.bulk.messages
    library.bulk.messages.clear()
    for message in others:
        handle(library.fakes.deps, message, library.fakes.remaining)

    class Dies(Looked):
        def end(self, run: Run, now: int) -> bool:
            raise Died

    with pytest.raises(Died):
        handle(replace(library.fakes.deps, runs=Dies(library.fakes.runs)), last, library.fakes.remaining)
    assert library.run_of(run_id).is_through and library.run_of(run_id).status == "running"
    library.poll()
    assert library.run_of(run_id).status == "done"


def test_of_a_page_that_was_queued_by_who_died_only_what_is_left_is_queued_again() -> None:
    library = unlike(160)
    library.fakes.rules.use(NEW, 1)
    run_id, effects = library.run(), library.fakes.effects
    planned, taken, sent = 1, 1, 4
    effects.die_at = (effects.done + planned + taken + sent, "before")  # the outbox is not emptied
    with pytest.raises(Died):
        library.poll()
    effects.die_at = None
    first, *left = [message.group for message in library.bulk.messages]
    handle(library.fakes.deps, library.bulk.messages[0], library.fakes.remaining)
    library.bulk.messages.clear()
    library.poll()

    assert len(left) == 3 and [message.group for message in library.bulk.messages] == left
    assert first not in library.run_of(run_id).groups and library.finish(run_id).counts.done == 160
