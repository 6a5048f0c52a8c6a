"""Signed texts: what a browser holds, with a code that only the holder of the key can make (HMAC-SHA-256, RFC 2104)."""

import base64
import hashlib
import hmac

import msgspec
from msgspec import Struct

from autotag.domain.model.strict_json import decode

_LONGEST = 4096
"""Characters; browsers keep no longer cookie."""


def seal(key: bytes, purpose: str, value: Struct) -> str:
    """Return ``value`` as a signed text. One that was signed for another ``purpose`` is not accepted."""
    return sign(key, purpose, base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("="))


def unseal[T](key: bytes, purpose: str, text: str, form: type[T]) -> T | None:
    """Return the value in ``text``, None if it was not signed with ``key`` for ``purpose``."""
    content = verified(key, purpose, text) if len(text) <= _LONGEST else None
    if content is None:
        return None
    try:
        value: T = decode(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)), form)
    except (ValueError, msgspec.DecodeError):  # signed by another version of this service
        return None
    return value


def sign(key: bytes, purpose: str, content: str) -> str:
    """Return ``content``, which has no full stop, with the code that ``verified`` looks at."""
    return f"{content}.{derived(key, purpose, content)}"


def verified(key: bytes, purpose: str, text: str) -> str | None:
    """Return what was signed in ``text``, None if it was not signed with ``key`` for ``purpose``."""
    content, _, code = text.partition(".")
    expected = derived(key, purpose, content)
    return content if hmac.compare_digest(code.encode("utf-8", "replace"), expected.encode()) else None


def derived(key: bytes, purpose: str, text: str) -> str:
    """Return a word that follows from ``text`` for one ``purpose``, and that cannot be guessed: 43 letters and digits.

    It fits wherever an unguessable word is asked for, a PKCE verifier among them (RFC 7636, section 4.1).
    """
    code = hmac.digest(key, f"{purpose}\n{text}".encode("utf-8", "replace"), hashlib.sha256)
    return base64.urlsafe_b64encode(code).decode().rstrip("=")
