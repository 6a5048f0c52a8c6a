"""One minute of the poller: due intents go to the workers, due assets are read, and due runs are advanced.

Each has a share of the minute, whatever else is due: the hand-over its first ten seconds, reads at least a quarter of
it, runs at least the last quarter. What one of them leaves goes to those after it; without a due run, reads go on.
"""

from collections.abc import Sequence

from autotag.domain.errors import AutotagError, Retryable
from autotag.domain.state.due_entry import SHARDS
from autotag.ports.assets import DueQueue
from autotag.ports.runtime import Start
from autotag.service.context import RUN_SECONDS, Dependencies, Remaining
from autotag.service.runs.advance import advance
from autotag.service.runs.backfill import backfill
from autotag.service.runs.plan import Planner
from autotag.service.tagging.due_reads import read_due
from autotag.service.tagging.hand_over import MOST, hand_over

_AFTER_HAND_OVER = 50.0
"""Seconds of the minute that the hand-over leaves to reads and runs."""

_AHEAD = 2 * 86_400_000
"""Milliseconds in which every claim falls due, also one that waits for the calls of the next day."""

_FOR_OTHERS = 25.0
"""Seconds of the minute that the end of vain waits leaves to reads and runs, besides those of its last asset."""

_FOR_RUNS = 20.0
"""Seconds of the minute that reads leave to a due run, besides the ``ASSET_SECONDS`` that the last read may take."""


def run_minute(deps: Dependencies, planner: Planner, queue: DueQueue, start: Start, remaining: Remaining) -> None:
    """Do a minute's work. Unexpected errors of one part are raised only after the others had their turn."""
    _look_at_rules(deps)
    try:
        hand_over(deps, queue, start, lambda: remaining() - _AFTER_HAND_OVER)
        if deps.detection is not None:
            hand_over(deps, deps.detection.queue, start, lambda: remaining() - _AFTER_HAND_OVER, "DETECT")
        else:
            _end_vain_waits(deps, remaining)
    finally:  # a bug in one part must not stop the others
        runs = deps.runs.due(deps.clock.now())
        try:
            read_due(deps, start, lambda: remaining() - (_FOR_RUNS if runs else 0.0))
        finally:
            _advance(deps, planner, runs, remaining)


def _end_vain_waits(deps: Dependencies, remaining: Remaining) -> None:
    """Decide on assets that wait for Rekognition, which is not asked any more; each minute in one partition of all.

    They are there only for a while after it was turned off: one query a minute instead of sixteen.
    """
    now = deps.clock.now()
    due = deps.store.due("DETECT", now // 60_000 % SHARDS, now + _AHEAD, MOST)
    if due:
        from autotag.service.detection.waits import end_waits  # only where Rekognition was asked

        end_waits(deps, due, lambda: remaining() - _FOR_OTHERS)


def advance_due_runs(deps: Dependencies, planner: Planner, remaining: Remaining) -> None:
    """Advance every run that is due, until the time is up. The next minute retries a run that fails.

    Raises an ``ExceptionGroup`` of unexpected errors, after every other run had its turn.
    """
    _advance(deps, planner, deps.runs.due(deps.clock.now()), remaining)


def _look_at_rules(deps: Dependencies) -> None:
    """Find out within a minute, even without traffic, whether the rules that were pushed can be read."""
    try:
        deps.rules.active()
    except Retryable as error:
        deps.telemetry.warn("rules_unavailable", fault=str(error))


def _advance(deps: Dependencies, planner: Planner, run_ids: Sequence[str], remaining: Remaining) -> None:
    unexpected: list[Exception] = []
    for run_id in run_ids:
        if remaining() < RUN_SECONDS:
            break
        try:
            run = deps.runs.load(run_id)
            if run is not None and run.action == "backfill":
                backfill(deps, run_id, remaining)
            else:
                advance(planner, run_id, remaining)
        except AutotagError as error:
            deps.telemetry.count("Retried")
            deps.telemetry.warn("run_retry_scheduled", run=run_id, fault=str(error))
        except Exception as error:  # a bug that one run hits must not stop the others
            unexpected.append(error)
    if unexpected:
        raise ExceptionGroup("unexpected errors in runs", unexpected)
