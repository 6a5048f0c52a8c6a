"""What all intakes share: verify a notification, parse it, and queue what concerns this service."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from autotag.domain.errors import Invalid, Rejected
from autotag.domain.model.messages import asset_id_of
from autotag.domain.notifications import parse as notification
from autotag.domain.notifications import signature
from autotag.domain.notifications.credentials import Credentials
from autotag.ports.intake import Queue
from autotag.ports.runtime import Clock, Secrets, Telemetry

_MOST_LOGGED = 20
"""Malformed entries of one notification that are logged at most; all of them are counted."""

MAX_BODY = 256 * 1024
"""Bytes of a notification's body that are parsed in full."""

IntakeResult = Literal["accepted", "ignored", "malformed", "too_large"]
"""``accepted``: queued; ``ignored``: of no concern to this service; ``too_large``: queued as hints only.

A hint says which asset to read, and nothing else.
"""


class Policy(Struct, frozen=True):
    """How old a notification may be, how far ahead its clock may be (seconds), and whether it only counts as a hint."""

    max_age: float = 7200
    max_skew: int = 300
    fetch_before_use: bool = False


class IntakeDependencies(Struct, frozen=True):
    """The ports of an intake, and which notifications it accepts."""

    secrets: Secrets
    queue: Queue
    clock: Clock
    telemetry: Telemetry
    policy: Policy = Policy()


def authenticate(deps: IntakeDependencies, body: bytes, headers: Mapping[str, str]) -> tuple[Credentials, str]:
    """Return the credentials, and the id of the key whose secret signed ``body``, without parsing the body.

    Raises ``Rejected`` if the signature is of no known secret or breaks another rule, ``Retryable`` if the secrets
    cannot be read.
    """
    now = deps.clock.now() / 1000
    for newer in (False, True):
        credentials = deps.secrets.credentials(newer=newer)
        try:
            key_id = signature.verify(
                body,
                headers,
                credentials.signing_secrets(),
                now=now,
                max_age=deps.policy.max_age,
                max_skew=deps.policy.max_skew,
            )
        except Rejected as error:
            if error.rule != "mismatch":
                raise
            continue  # a secret may have been rotated since it was cached: read it again before refusing
        return credentials, key_id
    raise Rejected("mismatch")


def accept(
    deps: IntakeDependencies, body: bytes, timestamp: int, credentials: Credentials, key_id: str
) -> IntakeResult:
    """Queue the messages in an authentic ``body``, signed at ``timestamp`` (unix seconds); raises ``Retryable``."""
    telemetry = deps.telemetry
    own_key = credentials.api_key if credentials.writer_key_dedicated else ""
    large = len(body) > MAX_BODY
    parse = notification.parse_large if large else notification.parse
    faults: list[Invalid] = []
    try:
        messages = parse(
            body,
            timestamp=timestamp,
            own_key=own_key,
            fetch_before_use=deps.policy.fetch_before_use,
            on_invalid=faults.append,
        )
        deps.queue.send(messages)
    except Invalid as error:
        telemetry.count("TooLarge" if large else "Malformed")
        telemetry.warn("malformed", field=error.where, fault=str(error), key_id=key_id, bytes=len(body))
        return "too_large" if large else "malformed"
    if faults:
        telemetry.count("Malformed", len(faults))
    for fault in faults[:_MOST_LOGGED]:
        telemetry.warn(
            "malformed", field=fault.where, fault=str(fault), key_id=key_id, bytes=len(body), entries=len(faults)
        )
    assets = [asset_id for message in messages if (asset_id := asset_id_of(message))]
    digest = messages[0].source.digest if messages else ""
    if large:
        telemetry.count("TooLarge")
        telemetry.warn("too_large", key_id=key_id, assets=assets, digest=digest, bytes=len(body))
        return "too_large"
    result: IntakeResult = "accepted" if messages else "ignored"
    telemetry.count(result.capitalize())
    telemetry.info(result, key_id=key_id, assets=assets, digest=digest)
    return result
