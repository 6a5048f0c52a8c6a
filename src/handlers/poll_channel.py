"""The poll-channel function. It starts every minute, runs for a minute, and queues the notifications that wait."""

from handlers import cold_start

cold_start.begin()

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.telemetry import as_it_happens


@as_it_happens
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Drain the channel once. The event of the schedule carries no data."""
    bootstrap.poll_channel()(remaining=lambda: context.get_remaining_time_in_millis() / 1000)


bootstrap.poll_channel()  # in the init phase, which Lambda runs at full speed
cold_start.end()
