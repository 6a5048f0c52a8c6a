"""Every minute: what is due is finished or read."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.bootstrap import Rounds
from autotag.service.context import Remaining
from autotag.service.poller import go_on
from autotag.service.tagging.sweep import sweep
from autotag.telemetry import logger, metrics
from handlers import ready


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Sweep once, and go on with runs in the time that is left; the event is only the clock's."""

    def remaining() -> float:
        return context.get_remaining_time_in_millis() / 1000

    minute(bootstrap.poller(), remaining)


def minute(rounds: Rounds, remaining: Remaining) -> None:
    """Look after single assets, then after runs; raises what nobody foresaw about either, once both had their turn."""
    try:
        sweep(rounds.world, remaining)
    finally:  # a mistake about one asset must not stop the runs
        go_on(rounds.world, rounds.planner, remaining)


bootstrap.poller()  # in the init phase, which Lambda runs at full speed
ready()
