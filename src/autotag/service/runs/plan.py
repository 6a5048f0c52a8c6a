"""The planning of a run: it goes through all assets page by page, groups those that change, and queues the groups.

A crash at any point loses nothing: a page is stored together with the next cursor of its segment, before it is queued,
and its groups are stored before any worker gets them.
"""

from msgspec import Struct

from autotag.domain.model.messages import ProcessRunGroup
from autotag.domain.runs.asset_change import PlannedChange, change_by
from autotag.domain.runs.grouping import GROUP, grouped
from autotag.domain.runs.pacing import AHEAD, STRETCH, schedule
from autotag.domain.runs.run import SEGMENTS, Counts, Group, Run
from autotag.ports.audits import AuditReader
from autotag.ports.rules import RulesSource
from autotag.ports.runs import BulkQueue, RunStore, StatePages
from autotag.ports.runtime import Clock, Telemetry
from autotag.service.context import PAGE_SECONDS, Remaining, rules_since
from autotag.service.runs.history import audits_of

PAGE = 2000
"""Assets in one page: the more there are, the more of them change alike."""

_READING = 250
"""Assets in one page, if the audits of each are read too."""

_READ = 50
"""The most assets in a group, if each asset is read first."""

_UNDER_WAY = 100
"""Groups of a run that may wait in the queue: few, so that a stop soon takes effect and the run's item stays small."""

_GIVEN_UP = 3
"""Hours after which a group is not in the queue any more: it was received as often as a message may be."""

_PAUSE = 300
"""Seconds until a run makes another pass for the assets that were missed."""


class Planner(Struct, frozen=True):
    """The dependencies of planning."""

    runs: RunStore
    pages: StatePages
    records: AuditReader
    bulk: BulkQueue
    rules: RulesSource
    clock: Clock
    telemetry: Telemetry


def plan_page(
    planner: Planner, run: Run, segment: int, cursor: str, limit: int = PAGE
) -> tuple[list[PlannedChange], int, str | None]:
    """Return what ``run`` would change on a page of assets, how many were read, and the next page's cursor."""
    rules = rules_since(planner.rules, run.rules_seq, f"run {run.id} is")
    states, after = planner.pages.page(segment, SEGMENTS, cursor, limit)
    planned = []
    for state in states:
        change = change_by(run, state, rules.ruleset, audits_of(planner.records, state.asset.asset_id))
        planned += [PlannedChange(state, change)] if change is not None else []
    return planned, len(states), after


def advance(planner: Planner, run_id: str, remaining: Remaining) -> Run | None:
    """Advance a run as far as the time and the groups in flight allow; return it as it then is."""
    run = planner.runs.load(run_id)
    while run is not None and run.status == "running":
        if remaining() < PAGE_SECONDS or run.due_at > planner.clock.now():
            return run
        if _are_dead(run, planner.clock.now()):
            why = f"{len(run.groups)} groups of assets were not handled in {_GIVEN_UP} hours: see the dead letters"
            planner.runs.stop(run.id, "paused", why, planner.clock.now())
        elif run.outbox:
            _queue(planner, run, next(iter(run.outbox)))
        elif not run.cursors:
            now = planner.clock.now()
            if run.counts.missed and not run.groups:
                planner.runs.restart_pass(run, now + _PAUSE * 1000)
            planner.runs.end(run_id, now)
            return planner.runs.load(run_id)
        elif len(run.groups) >= _UNDER_WAY or run.free_at > planner.clock.now() + AHEAD * 1000:
            return run
        elif not _plan_next_page(planner, run, next(iter(run.cursors))):
            return planner.runs.load(run_id)  # another process advances it
        run = planner.runs.load(run_id)
    return run


def _are_dead(run: Run, now: int) -> bool:
    """Whether the groups in flight are so overdue that their messages must be dead letters."""
    return bool(run.groups) and not run.outbox and 0 < run.free_at < now - _GIVEN_UP * 3_600_000


def _plan_next_page(planner: Planner, run: Run, segment: str) -> bool:
    page = PAGE if run.action in ("retag", "move") or run.undo.everything else _READING
    limit = min(page, STRETCH * run.rate)
    planned, seen, after = plan_page(planner, run, int(segment), run.cursors[segment], limit)
    most = _READ if run.refresh else GROUP
    groups = tuple(Group(f"{run.epoch}.{run.pages}.{n}", ids) for n, ids in enumerate(grouped(planned, most)))
    renamed = sum(bool(each.change.difference.renamed) for each in planned)
    counts = Counts(seen=seen, planned=len(planned), renamed=renamed)
    return planner.runs.planned(run, segment, after, groups, counts)


def _queue(planner: Planner, run: Run, segment: str) -> None:
    slots, free_at = schedule(run.outbox[segment], run.rate, run.free_at, planner.clock.now())
    planner.bulk.send([(ProcessRunGroup(run.id, group.id, group.asset_ids), delay) for group, delay in slots])
    planner.runs.queued(run, segment, free_at)
