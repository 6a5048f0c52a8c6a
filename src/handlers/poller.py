"""Every minute: what is due is finished or read."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.service.sweep import sweep
from autotag.telemetry import logger, metrics
from handlers import ready


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Sweep once; the event is only the clock's."""
    sweep(bootstrap.world(), lambda: context.get_remaining_time_in_millis() / 1000)


bootstrap.world()  # in the init phase, which Lambda runs at full speed
ready()
