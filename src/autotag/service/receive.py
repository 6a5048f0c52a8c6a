"""The door: what is authentic and ours is queued; nothing else ever is."""

from collections.abc import Mapping

from msgspec import Struct

from autotag.domain import notification, signature
from autotag.domain.credentials import Credentials
from autotag.domain.errors import Invalid, Rejected, Retryable
from autotag.domain.message import asset_id_of
from autotag.service.ports import Clock, Queue, Secrets, Telemetry

MAX_BODY = 256 * 1024
"""Bytes of a notification's body that are parsed in full."""


class Policy(Struct, frozen=True):
    """How old a notification may be and how far ahead its clock, in seconds; whether its body is a hint only."""

    max_age: int = 7200
    max_skew: int = 300
    hints_only: bool = False


def receive(
    body: bytes,
    headers: Mapping[str, str],
    *,
    secrets: Secrets,
    queue: Queue,
    clock: Clock,
    telemetry: Telemetry,
    policy: Policy,
) -> int:
    """Answer one POST with an HTTP status: 200, 400, 401, 413 or 503 (the table in docs/guarantees.md).

    ``headers`` have lower-case names. The answer never tells which rule failed; the log does.
    """
    try:
        credentials, key_id = _authenticate(body, headers, secrets, clock, policy)
    except Rejected as error:
        large = len(body) > MAX_BODY
        telemetry.count("TooLarge" if large else "Rejected")
        telemetry.warn("rejected", rule=error.rule, bytes=len(body))
        return 413 if large else 401
    except Retryable as error:
        return _unavailable(telemetry, error)
    timestamp = int(headers["x-cld-timestamp"])
    try:
        if len(body) > MAX_BODY:
            return _too_large(body, timestamp, queue, telemetry)
        own_key = credentials.api_key if credentials.writer_key_dedicated else ""
        messages = notification.parse(body, timestamp=timestamp, own_key=own_key, hints_only=policy.hints_only)
        if messages:
            queue.send(messages)
    except Invalid as error:
        telemetry.count("Malformed")
        telemetry.warn("malformed", fault=str(error), key_id=key_id)
        return 400
    except Retryable as error:
        return _unavailable(telemetry, error)
    telemetry.count("Accepted" if messages else "Ignored")
    telemetry.info(
        "accepted" if messages else "ignored",
        key_id=key_id,
        assets=[asset_id_of(message) for message in messages],
        digest=messages[0].source.digest if messages else "",
    )
    return 200


def _authenticate(
    body: bytes, headers: Mapping[str, str], secrets: Secrets, clock: Clock, policy: Policy
) -> tuple[Credentials, str]:
    now = clock.now() / 1000
    for newer in (False, True):
        credentials = secrets.credentials(newer=newer)
        try:
            key_id = signature.verify(
                body,
                headers,
                credentials.signing_secrets(),
                now=now,
                max_age=policy.max_age,
                max_skew=policy.max_skew,
            )
        except Rejected as error:
            # A secret may have been rotated since it was cached: look once more before refusing.
            if newer or error.rule != "mismatch":
                raise
            continue
        return credentials, key_id
    raise Rejected("mismatch")


def _too_large(body: bytes, timestamp: int, queue: Queue, telemetry: Telemetry) -> int:
    """Queue a hint, so that the asset is read instead; the answer is 413 all the same."""
    try:
        stub = notification.parse_stub(body, timestamp=timestamp)
    except Invalid:
        stub = None
    if stub:
        queue.send([stub])
    telemetry.count("TooLarge")
    telemetry.warn("too_large", bytes=len(body), asset_id=stub.asset_id if stub else "")
    return 413


def _unavailable(telemetry: Telemetry, error: Retryable) -> int:
    telemetry.count("Unavailable")
    telemetry.warn("unavailable", fault=str(error))
    return 503
