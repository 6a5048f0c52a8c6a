"""Circuit breakers of this process: while Cloudinary does not answer, no call waits for it."""

from collections.abc import Callable, Mapping
from threading import Lock, get_ident
from typing import get_args

from autotag.domain.errors import Unavailable
from autotag.domain.model.health import Opened
from autotag.ports.cloudinary import ApiName, CircuitBreaker
from autotag.ports.runtime import Telemetry

FAILURES = 3
"""Time-outs, or calls without an answer or with a 5xx, in a row that open a circuit."""

PAUSE = 30
"""Seconds for which a circuit stays open, until one caller may probe."""


class Circuit:
    """The circuit breaker of one API. ``now`` returns unix milliseconds.

    Closed: every call is made. Open: none is. Half-open, ``PAUSE`` seconds after the last failure: one thread may call,
    and the others wait for what it finds. Threads share it.
    """

    def __init__(self, api: ApiName, now: Callable[[], int], telemetry: Telemetry) -> None:
        self._api, self._now, self._telemetry = api, now, telemetry
        self._lock = Lock()
        self._failures = 0
        self._since = 0  # when it opened, or when the last probe began
        self._prober = 0  # the thread that may call, 0 for none

    def check(self) -> None:
        """Raise ``Unavailable`` if no call may be made; else the next call of this thread may."""
        now, caller = self._now(), get_ident()
        with self._lock:
            if self._failures < FAILURES:
                return
            if 0 <= now - self._since < PAUSE * 1000:  # a clock that was set back must not keep it open
                if self._prober != caller:
                    raise Unavailable(f"Cloudinary's {self._api} API did not answer; calls are stopped for a while")
                return
            self._since, self._prober = now, caller

    @property
    def is_open(self) -> bool:
        """Whether calls are stopped."""
        return self._failures >= FAILURES

    def answered(self) -> None:
        """Close the circuit: Cloudinary answered a call."""
        with self._lock:
            was_open, self._failures, self._prober = self._failures >= FAILURES, 0, 0
        if was_open:
            self._telemetry.info("circuit_closed", api=self._api)

    def failed(self) -> bool:
        """Count a failure in a row; return whether the circuit is open."""
        now = self._now()
        with self._lock:
            self._failures += 1
            opens, is_open = self._failures == FAILURES, self._failures >= FAILURES
            if is_open:
                self._since, self._prober = now, 0
        if opens:
            self._telemetry.count("CircuitOpened")
            self._telemetry.warn("circuit_opened", api=self._api, seconds=PAUSE)
        return is_open


def circuits(now: Callable[[], int], telemetry: Telemetry) -> dict[ApiName, Circuit]:
    """Return the circuit of each API, for one process."""
    apis: tuple[ApiName, ...] = get_args(ApiName)
    return {api: Circuit(api, now, telemetry) for api in apis}


class CallGuard:
    """Implements the ``CircuitBreaker`` port: all processes share ``shared``, and each has its circuits of the APIs."""

    def __init__(self, shared: CircuitBreaker, apis: Mapping[ApiName, Circuit]) -> None:
        self._shared, self._apis = shared, apis

    def check(self, now: int, api: ApiName) -> None:
        """Raise ``CredentialsRefused`` or ``Unavailable`` if no call of ``api`` may be made."""
        self._shared.check(now, api)
        self._apis[api].check()

    def trip(self, now: int, reason: str) -> None:
        """Stop the calls of all workers: the credentials are refused."""
        self._shared.trip(now, reason)

    def opened(self, now: int) -> Opened | None:
        """Return until when the credentials count as refused, and why, or None."""
        return self._shared.opened(now)
