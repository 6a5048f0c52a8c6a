"""The consumer of both queues. A message that fails returns to its queue alone, without the rest of its batch."""

from handlers import cold_start

cold_start.begin()

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.bootstrap import WorkerDependencies
from autotag.domain.errors import AutotagError, Invalid, Retryable
from autotag.domain.model.messages import subject_of
from autotag.service.worker import handle
from autotag.telemetry import in_one_line, logger
from handlers.batch import Delivery, PartialFailure, handle_by_asset
from handlers.returned import is_sent_again, return_later

_MIN_SECONDS = 10.0
_ONLY_STORING = 15.0
"""Seconds at the end without calls of Cloudinary: what waits behind one that hangs is still stored, and due later."""


@in_one_line
def handler(event: dict[str, Any], context: LambdaContext) -> PartialFailure:
    """Handle a batch, its assets side by side."""
    return consume(event, context, bootstrap.worker())


def consume(event: dict[str, Any], context: LambdaContext, worker: WorkerDependencies) -> PartialFailure:
    """Handle the records of ``event``; return those that failed and must be received again."""

    def remaining() -> float:
        return context.get_remaining_time_in_millis() / 1000

    def succeeded(delivery: Delivery) -> bool:
        try:
            if isinstance(delivery.message, Invalid):
                raise delivery.message
            if remaining() < _MIN_SECONDS:
                raise Retryable("no time left in this invocation")  # with a back-off: quick retries use up receives
            logger.thread_safe_append_keys(**subject_of(delivery.message))
            again = delivery.receives > 1
            handle(worker.deps, delivery.message, lambda: remaining() - _ONLY_STORING, received_before=again)
            return True
        except AutotagError as error:
            return_later(worker, delivery, error)
        except Exception:  # a bug that one message hits must not fail the others
            logger.error("unexpected_error", exc_info=True)
            worker.deps.telemetry.count("Unforeseen")
        finally:
            logger.thread_safe_clear_keys()
        return is_sent_again(delivery)

    return handle_by_asset(event["Records"], succeeded, worker.start)


bootstrap.worker()  # in the init phase, which Lambda runs at full speed
cold_start.end()
