"""The intake without a public endpoint: verify what waits in a poll channel, queue it, and only then acknowledge it."""

import math

from autotag.domain.errors import AutotagError, CredentialsRefused, Rejected, Retryable
from autotag.domain.notifications.polled import Polled
from autotag.domain.notifications.signature import claimed_key
from autotag.ports.intake import Channel
from autotag.ports.runtime import Telemetry
from autotag.service.context import Remaining
from autotag.service.intake.accept import IntakeDependencies, accept, authenticate

_WAIT = 20
"""Seconds that one receive waits for a message, as in the official SDK."""

MARGIN = 15.0
"""Seconds of an invocation that are kept for queueing and acknowledging the messages of the last receive."""

AGELESS = math.inf
"""No age limit: messages may have waited long, and cannot be replayed, since they are fetched over TLS."""


def drain_poll_channel(channel: Channel, deps: IntakeDependencies, wait: int, remaining: Remaining) -> None:
    """Empty the channel, then wait for more messages for ``wait`` seconds in all, or until the time is up.

    A crash at any point loses nothing: a message that was not acknowledged is delivered again, and one that was queued
    twice is decided once. A message that fails verification is not acknowledged either: Cloudinary may sign with a
    rotated secret that is not in the secret store yet.
    """
    telemetry = deps.telemetry
    now = began = remaining()
    while (left := math.floor(now - MARGIN)) > 0:
        patience = max(0, math.floor(wait - (began - now)))
        try:
            messages = channel.receive(min(_WAIT, left, patience))
        except AutotagError as error:
            telemetry.count("CredentialsRefused" if isinstance(error, CredentialsRefused) else "Unavailable")
            telemetry.warn("poll_channel_unavailable", fault=str(error))
            return
        queued, down = [], None
        for message in messages:
            try:
                if _take(deps, message):
                    queued.append(message.receipt_handle)
            except Retryable as error:
                down = error
                break
        _acknowledge(channel, queued, telemetry)
        if down is not None:
            telemetry.count("Unavailable")
            telemetry.warn("unavailable", fault=str(down))
            return
        if not messages and not patience:
            return
        now = remaining()


def _take(deps: IntakeDependencies, message: Polled) -> bool:
    """Return whether the message may be acknowledged: it is queued, or can never be handled."""
    try:
        credentials, key_id = authenticate(deps, message.body, message.headers)
    except Rejected as error:
        deps.telemetry.count("Rejected")
        claim = {"claimed_key": claimed_key(message.body)} if error.rule == "mismatch" else {}
        deps.telemetry.warn("rejected", rule=error.rule, bytes=len(message.body), **claim)
        return False
    timestamp = int(message.headers["x-cld-timestamp"])
    accept(deps, message.body, timestamp, credentials, key_id)
    return True


def _acknowledge(channel: Channel, receipt_handles: list[str], telemetry: Telemetry) -> None:
    if not receipt_handles:
        return
    try:
        channel.acknowledge(receipt_handles)
    except AutotagError as error:  # they are delivered again, as duplicates
        telemetry.count("Retried")
        telemetry.warn("not_acknowledged", messages=len(receipt_handles), fault=str(error))
