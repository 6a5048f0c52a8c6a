"""What AWS's documented limits make of a rate: arithmetic alone, with the source of each number beside it."""

from typing import NamedTuple

REQUESTS_OF_AN_EXECUTION = 10
"""Requests a second that an account may make for each of its concurrent executions, however short they are.
Source: docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html, on the quota of requests per second."""

NEW_ACCOUNT, RAISED_ACCOUNT = 10, 1000
"""Concurrent executions of a new account and of one whose limit was raised to the usual default.
Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: "New AWS accounts have reduced concurrency".
"""

MORE_EXECUTIONS, EVERY_SECONDS = 1000, 10.0
"""A function may have so many more executions every so many seconds.
Source: docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html."""

FIRST_BATCHES, MORE_BATCHES_A_MINUTE = 5, 300
"""Batches at a time with which Lambda begins to read a queue, and how many more it adds a minute.
Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html."""

TRIES_AT = (0, 180, 540, 1080)
"""Seconds after an event at which Cloudinary posts its notification, until an answer is 200: at once and after 3, 6
and 9 minutes more. Source: cloudinary.com/documentation/notifications, as the simulator has it."""

POLLER = 1
"""Executions of the poller."""


class Account(NamedTuple):
    """An account: its concurrent executions, and how many the workers take while messages wait."""

    executions: int
    workers: int


def accepted(account: Account, uploads: int, seconds: float, webhook_seconds: float) -> int:
    """Return how many notifications of a burst the webhook accepts at least, over all tries of Cloudinary.

    The workers hold their executions, since messages wait from the first second on; the webhook has the others.
    ``webhook_seconds`` is the time of an invocation. Each try is spread over as many ``seconds`` as the uploads.
    """
    executions = max(0, account.executions - account.workers - POLLER)
    left = float(uploads)
    for at in TRIES_AT:
        arriving, accepted_now = left / seconds, 0.0
        for second in range(round(seconds)):
            grown = MORE_EXECUTIONS * (1 + (at + second) // EVERY_SECONDS)
            fits = min(executions, grown) / webhook_seconds
            accepted_now += min(arriving, fits, account.executions * REQUESTS_OF_AN_EXECUTION)
        left -= accepted_now
    return uploads - round(left)


def seconds_to_drain(messages: int, workers: int, rate: float) -> float:
    """Return the seconds in which ``workers`` empty a queue, at ``rate`` messages a second each.

    Lambda begins with a few batches at a time, and adds more until the limit of workers.
    """
    left, at = float(messages), 0.0
    while left > 0:
        running = min(workers, FIRST_BATCHES + MORE_BATCHES_A_MINUTE * at / 60)
        if running >= workers:
            return at + left / (workers * rate)
        left -= running * rate
        at += 1
    return at


def assets_a_minute(processor: float, core: float, wait: float, seconds: float = 60.0) -> float:
    """Return how many assets a minute of a function handles, of which each takes processor time and waiting."""
    return seconds / (processor / core + wait)
