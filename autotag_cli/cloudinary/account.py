"""The Cloudinary account that a command works on, from ``$CLOUDINARY_URL`` as in the official SDKs.

Sources: the configuration of the official SDKs, cloudinary.com/documentation/how_to_integrate_cloudinary.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from autotag.domain.errors import Invalid
from autotag_cli.stack.loopback import is_loopback

API_BASE = "https://api.cloudinary.com"
_FORM = "cloudinary://API_KEY:API_SECRET@CLOUD_NAME"
_CLOUD = re.compile(r"[0-9A-Za-z_-]{1,128}")
_PARTS = ("CLOUDINARY_CLOUD_NAME", "CLOUDINARY_API_KEY", "CLOUDINARY_API_SECRET")


class Account(NamedTuple):
    """An account and the address of its API. ``api_base`` is a URL without a slash at its end."""

    cloud_name: str
    api_key: str
    api_secret: str
    api_base: str = API_BASE

    def __repr__(self) -> str:
        return f"Account(cloud_name={self.cloud_name!r}, api_key={self.api_key!r}, api_base={self.api_base!r})"


def account_of(variables: Mapping[str, str]) -> Account:
    """Return the account in ``CLOUDINARY_URL``, else the one in the variables ``_PARTS``.

    Raises ``Invalid`` with the variable and what is expected there, never with a secret.
    """
    url = variables.get("CLOUDINARY_URL", "").strip()
    account = _of_url(url) if url else _of_parts(variables)
    named = variables.get("CLOUDINARY_CLOUD_NAME", "").strip()
    if named and named != account.cloud_name:  # the official SDKs do not agree which of the two wins
        raise Invalid("CLOUDINARY_URL", f"names another cloud than CLOUDINARY_CLOUD_NAME ({named}), unset one of them")
    return account


def _of_url(text: str) -> Account:
    try:
        parts = urlsplit(text)
        cloud = parts.hostname or ""
    except ValueError as error:
        raise Invalid("CLOUDINARY_URL", f"expected {_FORM}") from error
    key, secret = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme != "cloudinary" or not _CLOUD.fullmatch(cloud) or not _is_word(key) or not _is_word(secret):
        raise Invalid("CLOUDINARY_URL", f"expected {_FORM}")
    prefix = parse_qs(parts.query).get("upload_prefix", [API_BASE])[-1]
    return Account(cloud, key, secret, _base(prefix, "CLOUDINARY_URL: upload_prefix"))


def _of_parts(variables: Mapping[str, str]) -> Account:
    values = [variables.get(name, "").strip() for name in _PARTS]
    if not any(values):
        raise Invalid("CLOUDINARY_URL", f"is not set, expected {_FORM} (Cloudinary Console, Settings, API Keys)")
    for name, value in zip(_PARTS, values, strict=True):
        if not value:
            raise Invalid(name, f"is not set, expected it or CLOUDINARY_URL={_FORM}")
        if not _is_word(value):
            raise Invalid(name, "expected a word of printable ASCII")
    cloud, key, secret = values
    if not _CLOUD.fullmatch(cloud):
        raise Invalid("CLOUDINARY_CLOUD_NAME", "expected letters, digits, - or _")
    prefix = variables.get("CLOUDINARY_UPLOAD_PREFIX", "").strip() or API_BASE
    return Account(cloud, key, secret, _base(prefix, "CLOUDINARY_UPLOAD_PREFIX"))


def _is_word(text: str) -> bool:
    return text.isascii() and text.isprintable() and bool(text) and " " not in text


def _base(prefix: str, where: str) -> str:
    try:
        parts = urlsplit(prefix)
        fine = _is_base(parts)
    except ValueError:
        fine = False
    if not fine:
        raise Invalid(where, "expected a URL such as https://api-eu.cloudinary.com, with http on this machine only")
    return prefix.rstrip("/")


def _is_base(parts: SplitResult) -> bool:
    _ = parts.port  # raises ValueError if it is not a port
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.geturl()))
    return secure and bool(parts.hostname) and not (parts.username or parts.query or parts.fragment)
