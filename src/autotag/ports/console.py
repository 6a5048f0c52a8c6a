"""The interfaces of the deployed console: its secret, and HTTP to the identity provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class SecretText(Protocol):
    """A cached secret. Raises ``Retryable`` if it cannot be read and nothing fresh is cached."""

    def text(self) -> str:
        """Return the text of the secret, "" if it holds nothing yet."""
        ...


class HttpAnswer(NamedTuple):
    """A response with its whole body."""

    status: int
    body: bytes


class Fetch(Protocol):
    """Requests to the identity provider. Raises ``Retryable``, whose message holds no part of a query or a body."""

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> HttpAnswer:
        """Send one request, and return its answer; a redirect is not followed."""
        ...
