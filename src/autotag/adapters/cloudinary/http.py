"""HTTP to Cloudinary: authenticated calls with explicit timeouts, short waits, and the meaning of responses.

Idempotent calls are retried after short waits only; a wait that is longer than two seconds is returned to the caller
as ``Retryable.delay``. Sources: cloudinary.com/documentation, the official SDKs.
"""

import time
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from autotag.domain.errors import CredentialsRefused, Invalid, Missing, Permanent, Retryable
from autotag.domain.model.health import RateLimit
from autotag.domain.notifications.credentials import Credentials
from autotag.domain.notifications.parse import load
from autotag.ports.runtime import Secrets

_LONGEST_SLEEP = 2.0
_LONGEST_WAIT = float(Retry.DEFAULT_RETRY_AFTER_MAX)  # of any header, whatever it says: each wait must end
_REPEATED = frozenset({408, 420, 423, 429, 500, 502, 503, 504})


class ShortRetry(Retry):
    """A retry that honors Retry-After, but returns a wait of more than ``longest`` seconds to the caller."""

    longest = _LONGEST_SLEEP

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Count a try; a response that asks for too long a wait is the last one."""
        wait = self.get_retry_after(response) if response is not None else None
        if _pool is not None and wait is not None and wait > self.longest:
            raise MaxRetryError(_pool, url or "", ResponseError(f"asked to wait {wait:g} s"))
        return super().increment(method, url, response, error, _pool, _stacktrace)


class CloudinaryHttp:
    """A client of the API ``api`` (``v1_1`` or another) at ``base``, with the credentials of the secret.

    Each call is tried up to ``tries`` times, each try within ``patience`` seconds.
    """

    def __init__(
        self, base: str, secrets: Secrets, *, api: str = "v1_1", tries: int = 3, patience: float = 10.0
    ) -> None:
        self._base, self._secrets, self._tries, self._patience = f"{base.rstrip('/')}/{api}", secrets, tries, patience
        retry = ShortRetry(
            total=tries - 1,
            status_forcelist=_REPEATED,
            allowed_methods={"GET", "POST"},
            backoff_factor=0.25,
            backoff_max=_LONGEST_SLEEP,
            backoff_jitter=0.25,
            raise_on_status=False,
        )
        self._session = requests.Session()
        self._session.mount("https://", HTTPAdapter(max_retries=retry))
        self._session.mount("http://", HTTPAdapter(max_retries=retry))

    def call(self, method: str, path: str, timeout: float, **options: Any) -> requests.Response:
        """Return the response, whatever its status; ``options`` are ``params``, ``data`` or ``json`` of requests.

        Raises ``Retryable`` if none comes within ``timeout`` seconds.
        """
        credentials = self._secrets.credentials()
        answer = self._send(credentials, method, path, timeout, options)
        if answer.status_code == 401:  # the secret may have been rotated since it was cached
            newer = self._secrets.credentials(newer=True)
            if newer != credentials:
                answer = self._send(newer, method, path, timeout, options)
        return answer

    def _send(
        self, credentials: Credentials, method: str, path: str, timeout: float, options: dict[str, Any]
    ) -> requests.Response:
        each = max(0.5, min(self._patience, timeout / self._tries - _LONGEST_SLEEP))
        try:
            return self._session.request(
                method,
                f"{self._base}/{quote(credentials.cloud_name)}/{path}",
                **options,
                auth=(credentials.api_key, credentials.api_secret),
                timeout=(min(3.0, each / 3), each * 2 / 3),  # together never more than each try may take
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Retryable(f"Cloudinary: {type(error).__name__}") from error


def body_of(answer: requests.Response) -> dict[str, object]:
    """Return the JSON of a 200; raises the error that any other response stands for."""
    status = answer.status_code
    if status == 200:
        try:
            return load(answer.content)
        except Invalid as error:
            raise Retryable(f"Cloudinary answered 200 with a {error}") from error
    message = f"Cloudinary answered {status}: {message_of(answer)}"
    if status in (401, 403):
        raise CredentialsRefused(message)
    if status == 404:
        raise Missing(message)
    if 400 <= status < 500 and status not in _REPEATED:
        raise Permanent(message)
    raise Retryable(message, delay=wait_of(answer, None))


def message_of(answer: requests.Response) -> str:
    """Return Cloudinary's error message; a response that is not JSON has none worth keeping."""
    try:
        error = load(answer.content).get("error")
    except Invalid:
        return "no JSON"
    return str(error.get("message", ""))[:500] if isinstance(error, dict) else ""


def rate_limit_of(answer: requests.Response) -> RateLimit | None:
    """Return the rate limit in the Admin API's headers, or None."""
    try:
        limit = int(answer.headers["X-FeatureRateLimit-Limit"])
        remaining = int(answer.headers["X-FeatureRateLimit-Remaining"])
        reset_at = int(parsedate_to_datetime(answer.headers["X-FeatureRateLimit-Reset"]).timestamp())
    except (KeyError, ValueError):
        return None
    return RateLimit(limit, remaining, reset_at)


def wait_of(answer: requests.Response, limits: RateLimit | None) -> float | None:
    """Return the seconds that a response asks to wait, or None."""
    if "Retry-After" in answer.headers:
        try:
            return Retry().parse_retry_after(answer.headers["Retry-After"])
        except InvalidHeader:
            pass  # not a valid time
    return min(_LONGEST_WAIT, max(1.0, limits.reset_at - time.time())) if limits else None
