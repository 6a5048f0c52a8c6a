"""Cloudinary over HTTP: the Upload API's ``tags`` and the Admin API's ``resource``.

Timeouts are explicit, idempotent calls are repeated with short waits only; a wait that is longer than two seconds is
given back to the caller as ``Retryable.delay``. Sources: cloudinary.com/documentation, the official SDKs.
"""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from autotag.domain.asset import AssetRef, parse_asset_id
from autotag.domain.credentials import Credentials
from autotag.domain.errors import (
    BudgetExhausted,
    CredentialsRefused,
    Invalid,
    Missing,
    Permanent,
    Retryable,
)
from autotag.domain.notification import load
from autotag.domain.state import Op

_TRIES = 3
_LONGEST_SLEEP = 2.0
_LONGEST_WAIT = float(Retry.DEFAULT_RETRY_AFTER_MAX)  # of any header: whatever it says, what waits for it must end
_REPEATED = frozenset({408, 420, 423, 429, 500, 502, 503, 504})


class RateLimit(NamedTuple):
    """The Admin API's ``X-FeatureRateLimit-*`` headers; ``reset_at`` is in unix seconds."""

    limit: int
    remaining: int
    reset_at: int


class _Secrets(Protocol):
    def credentials(self, *, newer: bool = False) -> Credentials: ...


class _ShortRetry(Retry):
    """Honours Retry-After, but gives a wait that is too long for a function back to the caller."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        wait = self.get_retry_after(response) if response is not None else None
        if _pool is not None and wait is not None and wait > _LONGEST_SLEEP:
            raise MaxRetryError(_pool, url or "", ResponseError(f"asked to wait {wait:g} s"))
        return super().increment(method, url, response, error, _pool, _stacktrace)


class CloudinaryApi:
    """Implements the ``Cloudinary`` port. ``on_limits`` is told what the Admin API's headers say."""

    def __init__(self, base: str, secrets: _Secrets, on_limits: Callable[[RateLimit], None]) -> None:
        self._base, self._secrets, self._on_limits = base.rstrip("/"), secrets, on_limits
        retry = _ShortRetry(
            total=_TRIES - 1,
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

    def own_key(self) -> str:
        """Return the API key that this service calls with."""
        return self._secrets.credentials().api_key

    def change_tags(self, asset: AssetRef, op: Op, tags: tuple[str, ...], timeout: float) -> bool:
        """Add or remove tags; return whether the answer names the asset."""
        answer = self._call(
            "POST",
            f"{quote(asset.resource_type)}/tags",
            timeout,
            data={
                "command": op,
                "tag": ",".join(tags),
                "public_ids[]": [asset.public_id],
                "type": asset.type,
                "timestamp": str(int(time.time())),
            },
        )
        if answer.status_code == 404:  # a wrong address answers so too: reading the asset tells whether it is gone
            return False
        public_ids = self._body(answer).get("public_ids")
        return isinstance(public_ids, list) and asset.public_id in public_ids

    def resource(self, asset_id: str, timeout: float) -> dict[str, object]:
        """Return the Admin API's details of an asset; raises ``Missing`` where there is none."""
        answer = self._call("GET", f"resources/{parse_asset_id(asset_id)}", timeout)
        limits = _rate_limit(answer)
        if limits is not None:
            self._on_limits(limits)
        if answer.status_code in (420, 429):
            raise BudgetExhausted(_message(answer), delay=_wait(answer, limits))
        return self._body(answer)

    def _call(self, method: str, path: str, timeout: float, data: Any = None) -> requests.Response:
        credentials = self._secrets.credentials()
        answer = self._send(credentials, method, path, timeout, data)
        if answer.status_code == 401:  # the secret may have been rotated since it was cached
            newer = self._secrets.credentials(newer=True)
            if newer != credentials:
                answer = self._send(newer, method, path, timeout, data)
        return answer

    def _send(self, credentials: Credentials, method: str, path: str, timeout: float, data: Any) -> requests.Response:
        each = max(0.5, min(10.0, (timeout - _TRIES * _LONGEST_SLEEP) / _TRIES))
        try:
            return self._session.request(
                method,
                f"{self._base}/v1_1/{quote(credentials.cloud_name)}/{path}",
                data=data,
                auth=(credentials.api_key, credentials.api_secret),
                timeout=(min(3.0, each / 3), each * 2 / 3),  # together never more than each try may take
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Retryable(f"Cloudinary: {type(error).__name__}") from error

    def _body(self, answer: requests.Response) -> dict[str, object]:
        status = answer.status_code
        if status == 200:
            try:
                return load(answer.content)
            except Invalid as error:
                raise Retryable(f"Cloudinary answered 200 with a {error}") from error
        message = f"Cloudinary answered {status}: {_message(answer)}"
        if status in (401, 403):
            raise CredentialsRefused(message)
        if status == 404:
            raise Missing(message)
        if 400 <= status < 500 and status not in _REPEATED:
            raise Permanent(message)
        raise Retryable(message, delay=_wait(answer, None))


def _message(answer: requests.Response) -> str:
    """Return Cloudinary's own words; an answer that is not JSON has none worth keeping."""
    try:
        error = load(answer.content).get("error")
    except Invalid:
        return "no JSON"
    return str(error.get("message", ""))[:500] if isinstance(error, dict) else ""


def _rate_limit(answer: requests.Response) -> RateLimit | None:
    try:
        limit = int(answer.headers["X-FeatureRateLimit-Limit"])
        remaining = int(answer.headers["X-FeatureRateLimit-Remaining"])
        reset_at = int(parsedate_to_datetime(answer.headers["X-FeatureRateLimit-Reset"]).timestamp())
    except (KeyError, ValueError):
        return None
    return RateLimit(limit, remaining, reset_at)


def _wait(answer: requests.Response, limits: RateLimit | None) -> float | None:
    if "Retry-After" in answer.headers:
        try:
            return Retry().parse_retry_after(answer.headers["Retry-After"])
        except InvalidHeader:
            pass  # no time that anybody could wait for
    return min(_LONGEST_WAIT, max(1.0, limits.reset_at - time.time())) if limits else None
