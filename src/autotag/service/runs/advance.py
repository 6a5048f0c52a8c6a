"""The planning of a run: its segments side by side, each page by page; the groups of a page are queued.

A crash at any point loses nothing: a page is stored together with the next cursor of its segment, before it is queued,
and its groups are stored before any worker gets them. Two processes at one segment do not plan a page twice.
"""

from functools import partial

from autotag.domain.errors import AutotagError
from autotag.domain.model.messages import ProcessRunGroup
from autotag.domain.runs.grouping import grouped
from autotag.domain.runs.pacing import AHEAD, duration, page_limit, schedule
from autotag.domain.runs.progress import GROUP, Counts, Group, group_id
from autotag.domain.runs.run import Run
from autotag.service.context import PAGE_SECONDS, Remaining
from autotag.service.runs.ending import end_if_through
from autotag.service.runs.plan import PAGE, Planner, plan_page

_READING = 250
"""Assets in one page, if each needs reads of its own: its audits, or the query of its name."""

_READ = 50
"""The most assets in a group, if each asset is read first."""

_UNDER_WAY = 200
"""Groups of a segment that may wait in the queue: few, so that the segment's item stays small."""

_GIVEN_UP = 3
"""Hours after which a group is not in the queue any more: it was received as often as a message may be."""

_PAUSE = 300
"""Seconds until a run makes another pass for the assets that were missed."""


def advance(planner: Planner, run_id: str, remaining: Remaining) -> Run | None:
    """Advance a run as far as the time and the groups in flight allow; return it as it then is.

    Raises the first error of a segment, after every other segment had its turn.
    """
    run = planner.runs.load(run_id)
    if run is None or not _may_go_on(planner, run, remaining):
        return run
    if _are_dead(run, planner.clock.now()):
        why = f"{len(run.groups)} groups of assets were not handled in {_GIVEN_UP} hours: see the dead letters"
        planner.runs.stop(run.id, "paused", why, planner.clock.now())
        return planner.runs.load(run_id)
    _advance_segments(planner, run, remaining)
    run = planner.runs.load(run_id)
    if run is None or run.status != "running" or not run.is_through:
        return run
    if run.counts.missed:
        planner.runs.restart_pass(run, planner.clock.now() + _PAUSE * 1000)
    else:
        end_if_through(planner.runs, run_id, planner.clock.now())
    return planner.runs.load(run_id)


def _may_go_on(planner: Planner, run: Run, remaining: Remaining) -> bool:
    return run.status == "running" and run.due_at <= planner.clock.now() and remaining() >= PAGE_SECONDS


def _are_dead(run: Run, now: int) -> bool:
    """Whether the groups in flight are so overdue that their messages must be dead letters."""
    queued = not any(segment.outbox for segment in run.segments.values())
    return bool(run.groups) and queued and 0 < run.free_at < now - _GIVEN_UP * 3_600_000


def _advance_segments(planner: Planner, run: Run, remaining: Remaining) -> None:
    """Advance every segment that has pages left or groups to queue, all at the same time."""
    left = [name for name, segment in run.segments.items() if segment.outbox or segment.cursor is not None]
    errors: list[Exception] = []
    for finish in [planner.start(partial(advance_segment, planner, run.id, name, remaining)) for name in left]:
        try:
            finish()
        except Exception as error:  # the others had their turn, or have it now
            errors.append(error)
    if errors:  # a bug comes first: what may pass is tried again anyway
        raise min(errors, key=lambda error: isinstance(error, AutotagError))


def advance_segment(planner: Planner, run_id: str, name: str, remaining: Remaining) -> None:
    """Advance one segment as far as the time and its groups in flight allow, unless another process does."""
    while (run := planner.runs.load(run_id)) is not None and _may_go_on(planner, run, remaining):
        segment = run.segments[name]
        if segment.outbox:
            _queue(planner, run, name)
            continue
        waits = len(segment.groups) >= _UNDER_WAY or run.free_at > planner.clock.now() + AHEAD * 1000
        if segment.cursor is None or waits or not _plan_next_page(planner, run, name, segment.cursor):
            return


def _plan_next_page(planner: Planner, run: Run, name: str, cursor: str) -> bool:
    """Plan and store a page; return False if another process did."""
    scans = not run.filter.assets and (run.action in ("retag", "move") or run.undo.everything)
    limit = page_limit(PAGE if scans else _READING, run.rate, len(run.segments))
    planned, seen, after = plan_page(planner, run, int(name), cursor, limit)
    page = run.segments[name].pages
    parts = enumerate(grouped(planned, _READ if run.refresh else GROUP))
    groups = tuple(Group(group_id(run.epoch, name, page, n), ids) for n, ids in parts)
    renamed = sum(bool(each.change.difference.renamed) for each in planned)
    return planner.runs.planned(run, name, after, groups, Counts(seen=seen, planned=len(planned), renamed=renamed))


def _queue(planner: Planner, run: Run, name: str) -> None:
    """Queue the groups of a page that no worker has handled yet: another process may have queued them before."""
    segment, now = run.segments[name], planner.clock.now()
    waiting = [group for group in segment.outbox if group.id in segment.groups]
    if waiting:
        at = planner.runs.take_time(run, duration(waiting, run.rate), now)
        if at is None:
            return  # the caller looks at the run anew
        slots = schedule(waiting, run.rate, at, now)
        planner.bulk.send([(ProcessRunGroup(run.id, group.id, group.asset_ids), delay) for group, delay in slots])
    planner.runs.queued(run, name)
