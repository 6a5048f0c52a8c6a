"""The consumer of the queue of exports: each message is one file. One that fails comes back after a back-off."""

from handlers import cold_start

cold_start.begin()

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.bootstrap import ExportFunction
from autotag.domain.errors import AutotagError, Retryable
from autotag.domain.model.exports import decode
from autotag.service.exports.write_file import write_file
from autotag.telemetry import in_one_line, logger

_LONGEST = 900
"""Seconds to which the back-off doubles."""


@in_one_line
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """Write the files that a batch asks for."""
    return consume(event, context, bootstrap.export())


def consume(event: dict[str, Any], context: LambdaContext, function: ExportFunction) -> dict[str, list[dict[str, str]]]:
    """Handle the records of ``event``; return those that failed and must be received again."""
    failed = [each for each in event["Records"] if not _succeeded(each, context, function)]
    return {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in failed]}


def _succeeded(record: dict[str, Any], context: LambdaContext, function: ExportFunction) -> bool:
    telemetry = function.deps.telemetry
    try:
        write_file(function.deps, decode(record["body"]), lambda: context.get_remaining_time_in_millis() / 1000)
    except AutotagError as error:
        telemetry.count("Retried")
        telemetry.warn("message_returned", message_id=record["messageId"], fault=str(error))
    except Exception:  # a bug, or a disk that is full: the message comes back, and in the end is a dead letter
        logger.error("unexpected_error", exc_info=True)
        telemetry.count("Unforeseen")
    else:
        return True
    wait = min(_LONGEST, 5 * 2 ** int(record["attributes"]["ApproximateReceiveCount"]))
    try:
        function.returns.later(record["eventSourceARN"], record["receiptHandle"], round(function.clock.jitter(wait)))
    except Retryable as fault:  # then it is hidden for the queue's own timeout
        telemetry.warn("message_not_delayed", message_id=record["messageId"], fault=str(fault))
    return False


bootstrap.export()  # in the init phase, which Lambda runs at full speed
cold_start.end()
