"""Messages that a worker could not handle: each returns to its queue after a back-off, unless it is sent again."""

from autotag.bootstrap import WorkerDependencies
from autotag.domain.errors import AutotagError, CredentialsRefused, Retryable, Unavailable
from autotag.domain.model.messages import FinishDue
from handlers.batch import Delivery

_LONGEST = 900
"""Seconds to which the back-off doubles."""


def is_sent_again(delivery: Delivery) -> bool:
    """Whether a message need not return, since the poller sends another one as long as the work is due."""
    return isinstance(delivery.message, FinishDue)


def return_later(worker: WorkerDependencies, delivery: Delivery, error: AutotagError) -> None:
    """Log and count the failure, and hide the message for a while if it returns and the failure may pass."""
    deps, record = worker.deps, delivery.record
    deps.telemetry.count("Retried")
    if is_sent_again(delivery):
        if not isinstance(error, CredentialsRefused | Unavailable):  # what opened the circuit breaker was logged then
            deps.telemetry.warn("due_again", message_id=record["messageId"], fault=str(error))
        return
    deps.telemetry.warn("message_returned", message_id=record["messageId"], fault=str(error))
    if isinstance(error, Retryable):
        _hide(worker, delivery, error)  # else it returns after the queue's own timeout


def _hide(worker: WorkerDependencies, delivery: Delivery, error: Retryable) -> None:
    record = delivery.record
    wait = 5 * 2**delivery.receives if error.delay is None else error.delay
    seconds = round(worker.deps.clock.jitter(min(_LONGEST, wait)))
    try:
        worker.returns.later(record["eventSourceARN"], record["receiptHandle"], seconds)
    except Retryable as fault:  # then it is hidden for the queue's own timeout
        worker.deps.telemetry.warn("message_not_delayed", message_id=record["messageId"], fault=str(fault))
