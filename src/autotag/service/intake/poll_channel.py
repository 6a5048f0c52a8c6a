"""The way in without a door: what waits in a poll channel is verified, queued, and only then acknowledged."""

import math

from autotag.domain.errors import AutotagError, CredentialsRefused, Rejected, Retryable
from autotag.domain.notifications.polled import Polled
from autotag.domain.notifications.signature import claimed_key
from autotag.ports import Channel, Clock, Queue, Secrets, Telemetry
from autotag.service.context import Remaining
from autotag.service.intake.accept import Policy, admit, authenticate

_WAIT = 20
"""Seconds that one receive waits for a message, as the official SDK does."""

MARGIN = 15.0
"""Seconds of an invocation that are kept for queueing and acknowledging what the last receive gives."""

AGELESS = math.inf
"""Messages are fetched from Cloudinary over TLS, so that nobody can replay one, and may have waited for long."""


def drain(
    channel: Channel,
    *,
    secrets: Secrets,
    queue: Queue,
    clock: Clock,
    telemetry: Telemetry,
    policy: Policy,
    remaining: Remaining,
) -> None:
    """Empty the channel, and wait for what comes, until this invocation's time is up.

    Dying anywhere loses nothing: what was not acknowledged comes again, and what was queued twice is decided once.
    What is not authentic is not acknowledged either: a secret may have been rotated that we are still to be told.
    """
    while (left := math.floor(remaining() - MARGIN)) > 0:
        try:
            messages = channel.receive(min(_WAIT, left))
        except AutotagError as error:
            telemetry.count("CredentialsRefused" if isinstance(error, CredentialsRefused) else "Unavailable")
            telemetry.warn("not_received", fault=str(error))
            return
        queued, down = [], None
        for message in messages:
            try:
                if _take(message, secrets, queue, clock, telemetry, policy):
                    queued.append(message.receipt_handle)
            except Retryable as error:
                down = error
                break
        _acknowledge(channel, queued, telemetry)
        if down is not None:
            telemetry.count("Unavailable")
            telemetry.warn("unavailable", fault=str(down))
            return


def _take(message: Polled, secrets: Secrets, queue: Queue, clock: Clock, telemetry: Telemetry, policy: Policy) -> bool:
    """Return whether the message is done with here: queued, or none that anybody could ever handle."""
    try:
        credentials, key_id = authenticate(message.body, message.headers, secrets, clock, policy)
    except Rejected as error:
        telemetry.count("Rejected")
        claim = {"claimed_key": claimed_key(message.body)} if error.rule == "mismatch" else {}
        telemetry.warn("rejected", rule=error.rule, bytes=len(message.body), **claim)
        return False
    timestamp = int(message.headers["x-cld-timestamp"])
    admit(message.body, timestamp, credentials, key_id, queue=queue, telemetry=telemetry, policy=policy)
    return True


def _acknowledge(channel: Channel, receipt_handles: list[str], telemetry: Telemetry) -> None:
    if not receipt_handles:
        return
    try:
        channel.acknowledge(receipt_handles)
    except AutotagError as error:  # they come again, as duplicates
        telemetry.count("Retried")
        telemetry.warn("not_acknowledged", messages=len(receipt_handles), fault=str(error))
