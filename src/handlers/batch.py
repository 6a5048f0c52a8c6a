"""Powertools' batch processor, with a word in the log for what nobody foresaw."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor

from autotag.domain.errors import AutotagError
from autotag.telemetry import logger, metrics


class LoggedBatch(BatchProcessor):
    """Fails a record like its base; errors of our own family were logged where they happened."""

    def failure_handler(self, record: Any, exception: Any) -> Any:
        """Note the failure of one record; ``exception`` is what ``sys.exc_info()`` returned."""
        if not isinstance(exception[1], AutotagError):
            logger.error("unforeseen", exc_info=exception)
            metrics.add_metric(name="Unforeseen", unit=MetricUnit.Count, value=1)
        return super().failure_handler(record, exception)
