"""Logs and metrics through Powertools: a line for each event, and the metrics of an invocation on its only one.

A line with metrics is an EMF document (CloudWatch user guide, *Specification: Embedded metric format*), which may have
any other members. It goes to stdout as it is: Lambda encodes nothing twice that is JSON already, whatever the format of
the log is (Lambda developer guide, *Configuring JSON and plain text log formats*).
"""

import json
import logging
import os
import sys
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

# RFC 3339: in JSON format Lambda reads level and time of such lines alone
logger = Logger(use_rfc3339=True)
metrics = Metrics()
# besides "service": CloudWatch shares metrics among all stacks of an account that publish them with equal dimensions
metrics.set_default_dimensions(stack=os.environ.get("STACK_NAME", "autotag"))
# in JSON format the runtime sets it to INFO (awslambdaric.bootstrap), at which botocore logs where credentials are
logging.getLogger().setLevel(logging.WARNING)

_MOST_VALUES = 99
"""Values of a metric that are logged together. With the next one, Powertools would log them itself, in two writes."""

# not the logger's level, for which in JSON format Lambda's own one counts (Powertools, Logger._determine_log_level)
_EVENTS_ARE_LOGGED = os.environ.get("POWERTOOLS_LOG_LEVEL", "INFO") == "INFO"

type Handler[T] = Callable[[dict[str, Any], LambdaContext], T]
type _Event = dict[str, Any]


class _Invocation:
    """What the events of this invocation log, and its metrics. Threads may share it.

    Where it ``holds`` events, the newest is held back until another one follows, or the invocation ends: the only one
    is logged together with the metrics. Otherwise each is a line of its own, and so are the metrics.
    """

    def __init__(self) -> None:
        self._lock = Lock()  # also of ``metrics``, which is not safe for threads: it flushes while it adds
        self._newest: _Event | None = None
        self._several = False
        self.holds = False

    def count(self, name: str, unit: MetricUnit, value: float) -> None:
        with self._lock:
            metrics.add_metric(name=name, unit=unit, value=value)
            if len(metrics.metric_set.get(name, {}).get("Value", ())) >= _MOST_VALUES:
                _print_metrics()

    def log(self, event: _Event) -> None:
        with self._lock:
            if not self.holds:
                _print(event)
                return
            if self._newest is not None:
                _print(self._newest)
                self._several = True
            self._newest = event

    def end(self) -> None:
        """Log what is left."""
        with self._lock:
            event, self._newest = self._newest, None
            alone, self._several = not self._several, False
            counted = bool(metrics.metric_set)
            if event is not None and not (alone and counted):
                _print(event)
            if counted:
                _print_metrics(event if alone and event else {})


_invocation = _Invocation()


def in_one_line[T](handler: Handler[T]) -> Handler[T]:
    """Decorate a handler of Lambda: an invocation logs its only event with its metrics, and warnings name it."""
    return _logged(handler, holds=True)


def as_it_happens[T](handler: Handler[T]) -> Handler[T]:
    """Do the same for one whose invocations are long: each event is logged at once."""
    return _logged(handler, holds=False)


def _logged[T](handler: Handler[T], *, holds: bool) -> Handler[T]:
    @wraps(handler)
    def invoke(event: dict[str, Any], context: LambdaContext) -> T:
        logger.append_keys(function_request_id=context.aws_request_id)
        _invocation.holds = holds
        try:
            return handler(event, context)
        finally:
            _invocation.end()

    return invoke


class PowertoolsTelemetry:
    """Implements the ``Telemetry`` port. Threads may share it."""

    def count(self, metric: str, value: int = 1) -> None:
        """Add ``value`` to a metric of this invocation."""
        _invocation.count(metric, MetricUnit.Count, value)

    def measure(self, metric: str, seconds: float) -> None:
        """Add one reading to a metric in seconds."""
        _invocation.count(metric, MetricUnit.Seconds, seconds)

    def info(self, event: str, **fields: object) -> None:
        """Log what happened, unless only warnings are logged."""
        if _EVENTS_ARE_LOGGED:
            keys = logger.thread_safe_get_current_keys().items()
            about = {name: value for name, value in keys if name != "digest"}  # an audit has it
            _invocation.log({"message": event, **about, **fields})

    def warn(self, event: str, **fields: object) -> None:
        """Log something that may need attention, at once and in a line of its own."""
        logger.warning(event, extra=fields, stacklevel=3)


def _print_metrics(event: _Event | None = None) -> None:
    _print(dict(metrics.serialize_metric_set(metadata=event or {})))
    metrics.clear_metrics()


def _print(line: _Event) -> None:
    """Write a line at once: ``print`` writes its end by itself, and a warning of another thread may come in between."""
    sys.stdout.write(json.dumps(line, separators=(",", ":"), default=str) + "\n")
