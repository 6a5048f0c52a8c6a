"""The consumer of both queues. A message that fails returns to its queue alone, without the rest of its batch."""

from handlers import cold_start

cold_start.begin()

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.bootstrap import WorkerDependencies
from autotag.domain.errors import AutotagError, Retryable
from autotag.domain.model.messages import decode, subject_of
from autotag.service.worker import handle
from autotag.telemetry import logger, metrics
from handlers.batch import LoggedBatch

_MIN_SECONDS = 10.0


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch one record after another, so that two messages about one asset keep their order."""
    return consume(event, context, bootstrap.worker())


def consume(event: dict[str, Any], context: LambdaContext, worker: WorkerDependencies) -> PartialItemFailureResponse:
    """Handle the records of ``event``; return those that failed and must be received again."""
    milliseconds = context.get_remaining_time_in_millis

    def one(record: SQSRecord) -> None:
        try:
            if milliseconds() / 1000 < _MIN_SECONDS:
                raise Retryable("no time left in this invocation")  # with a back-off: quick retries use up receives
            message = decode(record.body)
            logger.append_keys(**subject_of(message))
            handle(worker.deps, message, lambda: milliseconds() / 1000)
        except AutotagError as error:
            worker.deps.telemetry.count("Retried")
            worker.deps.telemetry.warn("message_returned", message_id=record.message_id, fault=str(error))
            if isinstance(error, Retryable):
                tries = int(record.attributes.approximate_receive_count)
                wait = 5 * 2**tries if error.delay is None else error.delay
                seconds = round(worker.deps.clock.jitter(min(900, wait)))
                worker.returns.later(record.event_source_arn, record.receipt_handle, seconds)
            raise
        finally:
            logger.remove_keys(["asset_id", "digest", "run", "group"])

    processor = LoggedBatch(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=one, processor=processor, context=context)


bootstrap.worker()  # in the init phase, which Lambda runs at full speed
cold_start.end()
