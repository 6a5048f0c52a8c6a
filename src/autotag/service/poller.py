"""The poller's second task: runs are gone on with in the time that single assets leave."""

from autotag.domain.errors import AutotagError
from autotag.service.context import Remaining, World
from autotag.service.runs.backfill import backfill
from autotag.service.runs.plan import Planner, advance

_ENOUGH = 20.0


def go_on(world: World, planner: Planner, remaining: Remaining) -> None:
    """Go on with every run that is due, until the time is up; what fails is tried again in the next minute.

    Raises an ``ExceptionGroup`` of what nobody foresaw, once every other run had its turn.
    """
    unforeseen: list[Exception] = []
    for run_id in world.runs.due(world.clock.now()):
        if remaining() < _ENOUGH:
            break
        run = world.runs.load(run_id)
        try:
            if run is not None and run.action == "backfill":
                backfill(world, run_id, remaining)
            else:
                advance(planner, run_id, remaining)
        except AutotagError as error:
            world.telemetry.count("Retried")
            world.telemetry.warn("run_postponed", run=run_id, fault=str(error))
        except Exception as error:  # a mistake of ours about one run must not stop the others
            unforeseen.append(error)
    if unforeseen:
        raise ExceptionGroup("mistakes of ours", unforeseen)
