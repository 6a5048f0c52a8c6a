"""Powertools' batch processor that also logs unexpected exceptions."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor

from autotag.domain.errors import AutotagError
from autotag.telemetry import logger, metrics


class LoggedBatch(BatchProcessor):
    """A batch processor that logs and counts unexpected exceptions. The worker itself logs each ``AutotagError``."""

    def failure_handler(self, record: Any, exception: Any) -> Any:
        """Record the failure of one record; ``exception`` is what ``sys.exc_info()`` returned."""
        if not isinstance(exception[1], AutotagError):
            logger.error("unexpected_error", exc_info=exception)
            metrics.add_metric(name="Unforeseen", unit=MetricUnit.Count, value=1)
        return super().failure_handler(record, exception)
