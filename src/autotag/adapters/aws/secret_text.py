"""A secret in Secrets Manager as text, cached."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from autotag.adapters.aws.client import asking
from autotag.domain.errors import Retryable

LIFE = 60
"""Seconds for which the text is used without another read, so that what is withdrawn ends within a minute."""

PAUSE = 5
"""Seconds, at least, between a read that failed and the next."""


class CachedSecretText:
    """Implements the ``SecretText`` port. ``now`` returns unix milliseconds. Threads may share it."""

    def __init__(self, client: Any, secret_id: str, now: Callable[[], int]) -> None:
        self._client, self._secret_id, self._now = client, secret_id, now
        self._cached: str | None = None
        self._read_at = self._failed_at = -(10**15)
        self._reading = Lock()

    def text(self) -> str:
        """Return the text, at most ``LIFE`` seconds old; "" if the secret holds nothing yet. Raises ``Retryable``."""
        with self._reading:
            now = self._now()
            if self._cached is not None and abs(now - self._read_at) < LIFE * 1000:
                return self._cached
            if abs(now - self._failed_at) < PAUSE * 1000:  # a flood must not become one of the store
                raise Retryable("the secret of the console could not be read")
            try:
                with asking("Secrets Manager"):
                    self._cached = self._read()
            except Retryable:
                self._failed_at = now
                raise
            self._read_at = now
            return self._cached

    def _read(self) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=self._secret_id)
        except self._client.exceptions.ResourceNotFoundException:  # also of a secret without a value
            return ""
        return str(answer.get("SecretString") or "")
