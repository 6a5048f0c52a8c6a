"""One minute of the poller: due assets first, then due runs in the time that is left."""

from autotag.domain.errors import AutotagError
from autotag.service.context import Dependencies, Remaining
from autotag.service.runs.backfill import backfill
from autotag.service.runs.plan import Planner, advance
from autotag.service.tagging.sweep import sweep

_MIN_SECONDS = 20.0


def run_minute(deps: Dependencies, planner: Planner, remaining: Remaining) -> None:
    """Process due assets, then due runs. Unexpected errors of either are raised only after both ran."""
    try:
        sweep(deps, remaining)
    finally:  # a bug that one asset hits must not stop the runs
        advance_due_runs(deps, planner, remaining)


def advance_due_runs(deps: Dependencies, planner: Planner, remaining: Remaining) -> None:
    """Advance every run that is due, until the time is up. The next minute retries a run that fails.

    Raises an ``ExceptionGroup`` of unexpected errors, after every other run had its turn.
    """
    unexpected: list[Exception] = []
    for run_id in deps.runs.due(deps.clock.now()):
        if remaining() < _MIN_SECONDS:
            break
        run = deps.runs.load(run_id)
        try:
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
