"""Messages that a worker could not handle: each returns to its queue after a back-off."""

from autotag.bootstrap import WorkerDependencies
from autotag.domain.errors import AutotagError, Retryable
from handlers.batch import Record

_LONGEST = 900
"""Seconds to which the back-off doubles."""


def return_later(worker: WorkerDependencies, record: Record, error: AutotagError) -> None:
    """Log and count the failure, and hide the message for a while if it may pass."""
    deps = worker.deps
    deps.telemetry.count("Retried")
    deps.telemetry.warn("message_returned", message_id=record["messageId"], fault=str(error))
    if not isinstance(error, Retryable):
        return  # after the queue's own timeout
    receives = int(record["attributes"]["ApproximateReceiveCount"])
    wait = 5 * 2**receives if error.delay is None else error.delay
    seconds = round(deps.clock.jitter(min(_LONGEST, wait)))
    try:
        worker.returns.later(record["eventSourceARN"], record["receiptHandle"], seconds)
    except Retryable as fault:  # then it is hidden for the queue's own timeout
        deps.telemetry.warn("message_not_delayed", message_id=record["messageId"], fault=str(fault))
