"""The Cloudinary secret in Secrets Manager, cached."""

from collections.abc import Callable
from typing import Any

import msgspec

from autotag.adapters.aws.client import asking
from autotag.domain.errors import Retryable
from autotag.domain.model.strict_json import decode as decode_json
from autotag.domain.notifications.credentials import Credentials

LIFE = 300
"""Seconds for which a cached secret is used without another read."""

PATIENCE = 60
"""Seconds, at least, between two reads after signature mismatches."""


class SecretsManager:
    """Implements the ``Secrets`` port over one JSON document (its shape: docs/operations.md)."""

    def __init__(self, client: Any, secret_id: str, now: Callable[[], int]) -> None:
        self._client, self._secret_id, self._now = client, secret_id, now
        self._cached: Credentials | None = None
        self._read_at = self._tried_at = 0

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        """Return the credentials. If the store is down, the cached value is used for ``LIFE`` seconds.

        ``newer`` reads them anew at most every ``PATIENCE`` seconds; ``newest`` at once, or it raises ``Retryable``.
        """
        now = self._now()
        age = abs(now - self._read_at) / 1000  # a clock that was set back must not keep an old value alive
        # A read that failed counts too: forged notifications must not overload a store that is down.
        wanted = newest or (newer and abs(now - self._tried_at) / 1000 >= PATIENCE)
        if self._cached is not None and age < LIFE and not wanted:
            return self._cached
        self._tried_at = now
        try:
            self._cached = self._read()
            self._read_at = now
        except Retryable:
            if newest or self._cached is None or age >= LIFE:
                raise
        return self._cached

    def _read(self) -> Credentials:
        with asking("Secrets Manager"):
            answer = self._client.get_secret_value(SecretId=self._secret_id)
        try:
            credentials: Credentials = decode_json(answer.get("SecretString") or "", Credentials)
        except msgspec.DecodeError as error:
            # The error's text may quote the secret: it stays out of the log.
            raise Retryable("the secret is not the JSON document that docs/operations.md describes") from (
                error if isinstance(error, msgspec.ValidationError) else None
            )
        if not all(credentials.signing_secrets().values()):
            raise Retryable("the secret names an empty notification secret")
        return credentials
