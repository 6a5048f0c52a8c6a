"""Cloudinary's signatures of requests, answers and notifications. All are plain digests."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

_UNSIGNED = frozenset({"file", "cloud_name", "resource_type", "api_key", "signature"})


def string_to_sign(values: Mapping[str, str | list[str]], version: int, excluded: frozenset[str] = frozenset()) -> str:
    """Return the text that a signature covers. Version 2 escapes ``&`` inside a parameter."""
    parts = []
    for name, value in values.items():
        text = ",".join(value) if isinstance(value, list) else value
        if text and name not in _UNSIGNED and name not in excluded:
            part = f"{name}={text}"
            parts.append(part.replace("&", "%26") if version == 2 else part)
    return "&".join(sorted(parts))


def request_is_signed(
    values: Mapping[str, str | list[str]],
    signature: str,
    secret: str,
    excluded: frozenset[str],
    algorithms: Sequence[str],
) -> bool:
    """Return whether ``signature`` is that of ``values``, in version 1 or 2, by one of ``algorithms``."""
    return any(
        hmac.compare_digest(_digest(algorithm, string_to_sign(values, version, excluded) + secret), signature.encode())
        for version in (2, 1)
        for algorithm in algorithms
    )


def sign_answer(public_id: str, version: int, secret: str, algorithm: str) -> str:
    """Return the ``signature`` of an upload's answer, which the SDKs can verify."""
    return _digest(algorithm, f"public_id={public_id}&version={version}{secret}").decode()


def sign_notification(body: str, timestamp: int, secret: str, algorithm: str) -> str:
    """Return ``X-Cld-Signature`` for ``body`` sent at ``timestamp`` (unix seconds)."""
    return _digest(algorithm, f"{body}{timestamp}{secret}").decode()


def _digest(algorithm: str, text: str) -> bytes:
    return hashlib.new(algorithm, text.encode()).hexdigest().encode()
