"""Verification of notifications, by the legacy signature scheme of Cloudinary.

The signature is the lower-case hex SHA-1 or SHA-256 (distinguished by length) of the raw body, the timestamp header
and an API secret, concatenated without separators: a plain digest, not an HMAC.
Source: cloudinary.com/documentation/notification_signatures and the verifiers of the official SDKs. Unlike this
module, those accept future timestamps.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping

from autotag.domain.errors import Rejected

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_CLAIM = re.compile(rb'"signature_key"\s*:\s*"([0-9]{1,32})"')
_SIGNATURE = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def digest(body: bytes, timestamp: str, secret: str, *, algorithm: str = "sha1") -> str:
    """Return the hex digest that Cloudinary sends for ``body`` at ``timestamp`` (unix seconds as text)."""
    return hashlib.new(algorithm, body + timestamp.encode("ascii") + secret.encode()).hexdigest()


def verify(
    body: bytes,
    headers: Mapping[str, str],
    secrets: Mapping[str, str],
    *,
    now: float,
    max_age: float = 7200,
    max_skew: int = 300,
) -> str:
    """Return the id of the API key whose secret signed ``body``.

    ``headers`` have lower-case names. ``secrets`` maps API key ids to secrets; all of them are tried, each compared in
    constant time. ``now`` is in unix seconds, ``max_age`` and ``max_skew`` in seconds.
    Raises ``Rejected`` whose ``rule`` is one of ``signature_missing``, ``v2_only``, ``signature_malformed``,
    ``timestamp_missing``, ``timestamp_malformed``, ``too_old``, ``in_future``, ``mismatch``.
    """
    signature, timestamp = headers.get("x-cld-signature"), headers.get("x-cld-timestamp")
    if not signature:
        raise Rejected("v2_only" if headers.get("x-cld-signature_v2") else "signature_missing")
    if not _SIGNATURE.fullmatch(signature):
        raise Rejected("signature_malformed")
    if not timestamp:
        raise Rejected("timestamp_missing")
    # The string has no delimiter: a digit moved between body and timestamp must not pass a lax parser.
    if not _TIMESTAMP.fullmatch(timestamp):
        raise Rejected("timestamp_malformed")
    age = now - int(timestamp)
    if age > max_age:
        raise Rejected("too_old")
    if age < -max_skew:
        raise Rejected("in_future")
    algorithm = "sha1" if len(signature) == 40 else "sha256"
    signer: str | None = None
    for key_id, secret in secrets.items():
        if hmac.compare_digest(digest(body, timestamp, secret, algorithm=algorithm), signature):
            signer = key_id if signer is None else signer
    if signer is None:
        raise Rejected("mismatch")
    return signer


def claimed_key(body: bytes) -> str:
    """Return the API key that an unverified body claims to be signed with, or "" if it names none.

    It is for the log, so that an operator learns which key's secret is missing. The body is searched for digits, and
    is not parsed.
    """
    match = _CLAIM.search(body)
    return match[1].decode("ascii") if match else ""
