"""The poller function. Every minute it hands due work to the workers, reads due assets and advances due runs."""

from handlers import cold_start

cold_start.begin()

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.service.poller import run_minute
from autotag.telemetry import in_one_line


@in_one_line
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Do the work of a minute. The event of the schedule carries no data."""

    def remaining() -> float:
        return context.get_remaining_time_in_millis() / 1000

    run_minute(*bootstrap.poller(), remaining)


bootstrap.poller()  # in the init phase, which Lambda runs at full speed
cold_start.end()
