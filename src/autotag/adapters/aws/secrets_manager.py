"""The Cloudinary secret in Secrets Manager, cached."""

from collections.abc import Callable
from threading import Lock
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
    """Implements the ``Secrets`` port over one JSON document (its shape: docs/operations.md). Threads share it."""

    def __init__(self, client: Any, secret_id: str, now: Callable[[], int]) -> None:
        self._client, self._secret_id, self._now = client, secret_id, now
        self._cached: Credentials | None = None
        self._read_at = self._tried_at = self._failed_at = 0
        self._reading = Lock()

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        """Return the credentials. If the store is down, the cached value is used for ``LIFE`` seconds.

        ``newer`` reads them anew at most every ``PATIENCE`` seconds; ``newest`` at once, or it raises ``Retryable``.
        """
        now = self._now()
        if not (newer or newest) and (known := self._fresh(now)) is not None:
            return known
        with self._reading:
            known = self._fresh(now)  # another thread may have read meanwhile
            if known is not None and not self._is_wanted(now, newer=newer, newest=newest):
                return known
            if known is None and self._failed_at > now:  # one after another, threads would wait for too long
                raise Retryable("the secret could not be read")
            self._tried_at = began_at = self._now()  # this thread may have waited for another
            try:
                self._cached = known = self._read()
                self._read_at = began_at
            except Retryable:
                self._failed_at = self._now()
                if newest or known is None:
                    raise
            return known

    def _fresh(self, now: int) -> Credentials | None:
        """Return the cached value within its life; a clock that was set back must not keep an old value alive."""
        return self._cached if abs(now - self._read_at) / 1000 < LIFE else None

    def _is_wanted(self, now: int, *, newer: bool, newest: bool) -> bool:
        """Whether a value within its life is to be read anew."""
        if newest:
            return self._read_at <= now  # else another thread began to read after this one asked
        # A read that failed counts too: forged notifications must not overload a store that is down.
        return newer and abs(now - self._tried_at) / 1000 >= PATIENCE

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
