"""Notifications that are fetched from a poll channel, instead of being posted to the webhook.

Shape: the official Python SDK 1.46 (``cloudinary.api.notifications``). ``payload`` is the parsed notification; the
signature covers ``signed_payload`` only, which is base64url without padding.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Polled(Struct, frozen=True):
    """One message: the handle that acknowledges it, the exact bytes that were signed, and the headers of a post."""

    receipt_handle: str
    body: bytes
    headers: Mapping[str, str]


def parse_polled(response: dict[str, Any]) -> list[Polled]:
    """Return the messages in the response to a receive call.

    Entries that are no messages are skipped. A malformed message fails verification later.
    """
    messages = response.get("messages")  # absent if no message is waiting
    if not isinstance(messages, list):
        return []
    return [_polled(entry) for entry in messages if isinstance(entry, dict) and entry.get("receipt_handle")]


def _polled(entry: dict[str, Any]) -> Polled:
    headers = {
        name: str(entry[field])
        for name, field in (("x-cld-timestamp", "timestamp"), ("x-cld-signature", "signature"))
        if isinstance(entry.get(field), str | int)
    }
    return Polled(str(entry["receipt_handle"]), _decoded(entry.get("signed_payload")), headers)


def _decoded(text: object) -> bytes:
    if not isinstance(text, str) or not text.isascii():
        return b""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return b""
