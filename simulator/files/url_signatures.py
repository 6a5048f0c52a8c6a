"""Signatures of delivery URLs, and which URLs need one.

Source of the digests: ``cloudinary_url`` of the official Python SDK. Source of who needs one:
cloudinary.com/documentation/control_access_to_media.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from simulator.core.settings import Settings

_SHORT, _LONG = 8, 32
"""Characters of a signature: of SHA-1, or of SHA-256 in accounts that use it, and of a long one (always SHA-256)."""


def url_signature(text: str, secret: str, settings: Settings) -> str:
    """Return the signature that the account puts into URLs; ``text`` is the path without the version."""
    if settings.long_url_signatures:
        return _signature(text, secret, "sha256", _LONG)
    return _signature(text, secret, "sha256" if settings.sha256_signatures else "sha1", _SHORT)


def is_signed(signature: str, texts: Iterable[str], secrets: Iterable[str], settings: Settings) -> bool:
    """Return whether ``signature`` is that of one of ``texts`` by one of ``secrets``.

    A long one is always accepted, a short one unless the account wants long ones.
    """
    kinds = [("sha256", _LONG)]
    if not settings.long_url_signatures:
        kinds += [("sha256", _SHORT)] if settings.sha256_signatures else [("sha1", _SHORT), ("sha256", _SHORT)]
    secrets = list(secrets)
    expected = [_signature(text, secret, *kind) for text in texts for secret in secrets for kind in kinds]
    return any(hmac.compare_digest(signature.encode(), each.encode()) for each in expected)


def needs_signature(type_: str, settings: Settings, *, transformed: bool = False, bare: bool = False) -> bool:
    """Return whether a URL of an asset of this delivery type needs a signature.

    ``authenticated``: always. ``private``: the original, since only transformed ones are public. Strict
    transformations: what is ``transformed``, as a change of format is, and what is ``bare``, without an extension
    (cloudinary_gem issue 328).
    """
    if type_ == "authenticated" or (type_ == "private" and not transformed):
        return True
    return settings.strict_transformations and (transformed or bare)


def _signature(text: str, secret: str, algorithm: str, length: int) -> str:
    digest = hashlib.new(algorithm, f"{text}{secret}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:length]
