"""HTTP to Cloudinary: authenticated calls with explicit timeouts, short waits, and the meaning of responses.

Calls are retried after short waits only; a wait of more than two seconds is returned as ``Retryable.delay``. Sources:
cloudinary.com/documentation, the official SDKs.
"""

import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import quote

from urllib3 import PoolManager, Timeout
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, ResponseError, TimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from autotag.domain.errors import CredentialsRefused, Invalid, Missing, Permanent, Retryable, Unavailable
from autotag.domain.model.health import RateLimit
from autotag.domain.notifications.credentials import Credentials
from autotag.domain.notifications.parse import load
from autotag.ports.runtime import Secrets

if TYPE_CHECKING:  # a type only: the poll channel has no circuit
    from autotag.adapters.cloudinary.circuit import Circuit

_LONGEST_SLEEP = 2.0
_LONGEST_WAIT = float(Retry.DEFAULT_RETRY_AFTER_MAX)  # of any header, whatever it says: each wait must end
_REPEATED = frozenset({408, 420, 423, 429, 500, 502, 503, 504})
CONNECTIONS = 32
"""Connections that are kept: as many as ``adapters.threads`` makes calls at once."""

Fields = Sequence[tuple[str, str]]
"""The names and values of a query or a form, in order."""


_LONGEST_BODY = 32 * 1024 * 1024  # bytes


class Answer(NamedTuple):
    """A response with its whole body. ``headers`` finds names in any case."""

    status: int
    headers: Mapping[str, str]
    data: bytes


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
        try:
            wait = self.get_retry_after(response) if response is not None else None
        except InvalidHeader:
            if response is not None:
                response.close()  # its body was not read, and no caller gets it
            raise
        if _pool is not None and wait is not None and wait > self.longest:
            raise MaxRetryError(_pool, url or "", ResponseError(f"asked to wait {wait:g} s"))
        return super().increment(method, url, response, error, _pool, _stacktrace)


class _GuardedRetry(ShortRetry):
    """A retry that ends as soon as time-outs have opened ``circuit``."""

    def __init__(self, *args: Any, circuit: "Circuit", **options: Any) -> None:
        super().__init__(*args, **options)
        self._circuit = circuit

    def new(self, **changes: Any) -> Self:
        """Return a copy; ``urllib3`` makes one for each try."""
        return super().new(circuit=self._circuit, **changes)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Count a try; with an open circuit it is the last one."""
        if isinstance(error, TimeoutError) and self._circuit.failed() and _pool is not None:
            raise MaxRetryError(_pool, url or "", error) from error
        return super().increment(method, url, response, error, _pool, _stacktrace)


class CloudinaryHttp:
    """A client of the API ``api`` (``v1_1`` or another) at ``base``, with the credentials of the secret.

    Each call is tried up to ``tries`` times, each try within ``patience`` seconds. ``circuit`` learns what became of
    the calls; ``urllib3``'s pools are safe for threads, so all share one client.
    """

    def __init__(
        self,
        base: str,
        secrets: Secrets,
        *,
        circuit: "Circuit | None" = None,
        api: str = "v1_1",
        tries: int = 3,
        patience: float = 10.0,
    ) -> None:
        self._base, self._secrets, self._tries, self._patience = f"{base.rstrip('/')}/{api}", secrets, tries, patience
        self._circuit = circuit
        self._pool = PoolManager(maxsize=CONNECTIONS)
        options: dict[str, Any] = {
            "total": tries - 1,
            "status_forcelist": _REPEATED,
            "allowed_methods": {"GET", "POST"},
            "backoff_factor": 0.25,
            "backoff_max": _LONGEST_SLEEP,
            "backoff_jitter": 0.25,
            "raise_on_status": False,
        }
        self._retry = ShortRetry(**options) if circuit is None else _GuardedRetry(**options, circuit=circuit)

    def call(self, method: str, path: str, timeout: float, *, fields: Fields = (), json: Any = None) -> Answer:
        """Return the response, whatever its status. ``fields`` are the query of a GET, and the form of a POST.

        Raises ``Retryable`` if none comes within ``timeout`` seconds.
        """
        credentials = self._secrets.credentials()
        answer = self._send(credentials, method, path, timeout, fields, json)
        if answer.status == 401:  # the secret may have been rotated since it was cached
            newer = self._secrets.credentials(newer=True)
            if newer != credentials:
                answer = self._send(newer, method, path, timeout, fields, json)
        return answer

    def _send(
        self, credentials: Credentials, method: str, path: str, timeout: float, fields: Fields, json: Any
    ) -> Answer:
        each = max(0.5, min(self._patience, timeout / self._tries - _LONGEST_SLEEP))
        options: dict[str, Any] = {"encode_multipart": False} if method == "POST" and json is None else {}
        ends = time.monotonic() + timeout
        try:
            raw = self._pool.request(
                method,
                f"{self._base}/{quote(credentials.cloud_name)}/{path}",
                fields=list(fields) or None,
                json=json,
                headers={"accept-encoding": "identity", "authorization": _basic(credentials)},
                timeout=Timeout(connect=min(3.0, each / 3), read=each * 2 / 3),
                retries=self._retry,
                redirect=False,
                preload_content=False,
                **options,
            )
        except HTTPError as error:
            reason = error.reason if isinstance(error, MaxRetryError) else error
            stopped = self._count_failure(counted=isinstance(reason, TimeoutError))
            raise (Unavailable if stopped else Retryable)(f"Cloudinary: {type(reason).__name__}") from error
        try:
            answer = Answer(raw.status, raw.headers, _body(raw, ends))
        except HTTPError as error:
            raw.close()
            kind = Unavailable if self._count_failure() else Retryable
            raise kind(f"Cloudinary: {type(error).__name__} in the body") from error
        if answer.status >= 500 or (answer.status == 200 and not answer.data.lstrip().startswith(b"{")):
            if self._count_failure():
                raise Unavailable(f"Cloudinary answered {answer.status}: {message_of(answer)}", wait_of(answer, None))
        elif self._circuit is not None:
            self._circuit.answered()
        return answer

    def _count_failure(self, *, counted: bool = False) -> bool:
        """Count a failed call, unless its tries were ``counted``; return whether calls are stopped for a while."""
        circuit = self._circuit
        return circuit is not None and (circuit.is_open if counted else circuit.failed())


def _basic(credentials: Credentials) -> str:
    return f"Basic {b64encode(f'{credentials.api_key}:{credentials.api_secret}'.encode()).decode()}"


def _body(raw: BaseHTTPResponse, ends: float) -> bytes:
    """Return the body, if it is there by ``ends`` (monotonic seconds): one that trickles is as good as none."""
    body = bytearray()
    while part := raw.read1(65536):
        body += part
        if len(body) > _LONGEST_BODY or time.monotonic() > ends:
            raise TimeoutError("the body is too long, or took too long")
    raw.release_conn()
    return bytes(body)


def body_of(answer: Answer) -> dict[str, object]:
    """Return the JSON of a 200; raises the error that any other response stands for."""
    status = answer.status
    if status == 200:
        try:
            return load(answer.data)
        except Invalid as error:
            raise Retryable(f"Cloudinary answered 200 with a {error}") from error
    message = f"Cloudinary answered {status}: {message_of(answer)}"
    if status in (401, 403):
        raise CredentialsRefused(message)
    if status == 404 and answer.data.lstrip().startswith(b"{"):  # else it is of something between
        raise Missing(message)
    if 400 <= status < 500 and status not in _REPEATED and status != 404:
        raise Permanent(message)
    raise Retryable(message, delay=wait_of(answer, None))


def message_of(answer: Answer) -> str:
    """Return Cloudinary's error message; a response that is not JSON has none worth keeping."""
    try:
        error = load(answer.data).get("error")
    except Invalid:
        return "no JSON"
    return str(error.get("message", ""))[:500] if isinstance(error, dict) else ""


def rate_limit_of(headers: Mapping[str, str]) -> RateLimit | None:
    """Return the rate limit in the headers of the Admin API, or None. ``headers`` finds names in any case."""
    try:
        limit = int(headers["X-FeatureRateLimit-Limit"])
        remaining = int(headers["X-FeatureRateLimit-Remaining"])
        reset_at = int(parsedate_to_datetime(headers["X-FeatureRateLimit-Reset"]).timestamp())
    except (KeyError, ValueError):
        return None
    return RateLimit(limit, remaining, reset_at)


def wait_of(answer: Answer, limits: RateLimit | None) -> float | None:
    """Return the seconds that a response asks to wait, or None."""
    if "Retry-After" in answer.headers:
        with suppress(InvalidHeader):  # not a valid time
            return Retry().parse_retry_after(answer.headers["Retry-After"])
    return min(_LONGEST_WAIT, max(1.0, limits.reset_at - time.time())) if limits else None
