"""The document in the console's secret: how people sign in, and which role each group has."""

import base64
import binascii
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode
from autotag_console.guard.sessions import Role
from autotag_console.pictures import Delivery

_Text = Annotated[str, Meta(min_length=1, max_length=2048)]

CALLBACK = "/callback"

KEY_BYTES = 32
"""Bytes of the key that signs sessions."""


class ConsoleDocument(Struct, frozen=True):
    """How people sign in.

    ``url`` is the console's own address. ``issuer`` is compared with the provider's tokens; ``discovery`` is where its
    addresses are described, "" for the place that the issuer's name implies. ``roles`` gives groups of the claim
    ``groups_claim`` a role. ``session_key`` is base64; raising ``session_epoch`` ends every session. ``delivery`` says
    where pictures come from, and holds an API secret only if the console is to sign their addresses.
    """

    url: _Text
    issuer: _Text
    client_id: _Text
    session_key: _Text
    roles: Annotated[dict[_Text, Role], Meta(min_length=1)]
    client_secret: str = ""
    discovery: str = ""
    scope: str = "openid email profile"
    groups_claim: _Text = "groups"
    session_epoch: Annotated[int, Meta(ge=0)] = 0
    delivery: Delivery = Delivery("https://res.cloudinary.com", "")

    def __repr__(self) -> str:
        """Describe the document without its secrets, since it may end up in a log."""
        return f"ConsoleDocument({self.url!r}, {self.issuer!r})"

    @property
    def domain(self) -> str:
        """The host of the console's address."""
        return urlsplit(self.url).netloc

    @property
    def callback_url(self) -> str:
        """Where the provider leads a browser back to."""
        return f"{self.url.rstrip('/')}{CALLBACK}"

    @property
    def key(self) -> bytes:
        """The key that signs sessions."""
        return base64.b64decode(self.session_key)

    @property
    def discovery_url(self) -> str:
        """Where the provider describes its addresses (OpenID Connect Discovery 1.0, section 4)."""
        return self.discovery or f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


def read_document(text: str) -> ConsoleDocument:
    """Return the document in ``text``; raises ``Invalid``, which quotes no value of it."""
    try:
        document = decode(text, ConsoleDocument)
    except msgspec.ValidationError as error:
        raise Invalid("the console's secret", str(error)) from None
    except msgspec.DecodeError:
        raise Invalid("the console's secret", "expected JSON") from None
    for name in ("url", "issuer", "discovery"):
        address = getattr(document, name)
        if address and not is_safe_address(address):
            raise Invalid(f"the console's secret, {name}", "expected an https address")
    try:
        length = len(base64.b64decode(document.session_key, validate=True))
    except (binascii.Error, ValueError):
        length = 0
    if length < KEY_BYTES:
        raise Invalid("the console's secret, session_key", f"expected at least {KEY_BYTES} bytes in base64")
    return document


def is_safe_address(address: str) -> bool:
    """Return whether a secret or a code may be sent to ``address``: over TLS, or to this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    loopback = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or loopback)
