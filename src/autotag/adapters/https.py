"""HTTP to an identity provider: few connections, short waits, bounded answers, no redirect."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from autotag.domain.errors import Retryable
from autotag.ports.console import HttpAnswer

_LONGEST_BODY = 1024 * 1024
"""Bytes; a provider's keys and tokens are a few kilobytes."""


class Https:
    """Implements the ``Fetch`` port. Threads may share it."""

    def __init__(self) -> None:
        self._pool = PoolManager(maxsize=4, retries=Retry(1, redirect=0, status=0, allowed_methods=["GET"]))

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> HttpAnswer:
        """Send one request; a GET that gets no answer is sent once more."""
        try:
            response = self._pool.request(
                method, url, body=body, headers=dict(headers), redirect=False, timeout=Timeout(connect=2, read=5),
                preload_content=False,
            )  # fmt: skip
            try:
                data = response.read(_LONGEST_BODY + 1)
            finally:
                response.release_conn()
        except HTTPError as error:
            raise Retryable(f"{urlsplit(url).hostname}: {type(error).__name__}") from None  # it names the whole URL
        if len(data) > _LONGEST_BODY:
            raise Retryable(f"{urlsplit(url).hostname}: its answer is too long")
        return HttpAnswer(response.status, data)
