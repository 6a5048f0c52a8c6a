"""Every minute, for a minute: what waits in the poll channel is queued."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.telemetry import logger, metrics
from handlers import ready


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Drain once; the event is only the clock's."""
    bootstrap.intake()(remaining=lambda: context.get_remaining_time_in_millis() / 1000)


bootstrap.intake()  # in the init phase, which Lambda runs at full speed
ready()
