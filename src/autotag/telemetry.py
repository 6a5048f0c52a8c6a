"""Logs and metrics through Powertools: JSON lines in the log, and EMF metrics among them."""

import os
from threading import Lock

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

logger = Logger()
metrics = Metrics()
# besides "service": CloudWatch shares metrics among all stacks of an account that publish them with equal dimensions
metrics.set_default_dimensions(stack=os.environ.get("STACK_NAME", "autotag"))


class PowertoolsTelemetry:
    """Implements the ``Telemetry`` port. Threads may share it."""

    _adding = Lock()  # of the one ``metrics``, which is not safe for threads: it also flushes while it adds

    def count(self, metric: str, value: int = 1) -> None:
        """Add ``value`` to a metric of this invocation."""
        with self._adding:
            metrics.add_metric(name=metric, unit=MetricUnit.Count, value=value)

    def measure(self, metric: str, seconds: float) -> None:
        """Add one reading to a metric in seconds."""
        with self._adding:
            metrics.add_metric(name=metric, unit=MetricUnit.Seconds, value=seconds)

    def info(self, event: str, **fields: object) -> None:
        """Log what happened."""
        logger.info(event, extra=fields, stacklevel=3)

    def warn(self, event: str, **fields: object) -> None:
        """Log something that may need attention."""
        logger.warning(event, extra=fields, stacklevel=3)
