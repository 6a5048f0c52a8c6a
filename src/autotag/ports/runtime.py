"""The interfaces to the clock, new ids, the secret, and the service's log and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from collections.abc import Callable

    from autotag.domain.notifications.credentials import Credentials


class Clock(Protocol):
    """Time and unique ids."""

    def now(self) -> int:
        """Return unix milliseconds."""
        ...

    def unique(self) -> str:
        """Return a new, globally unique id: 32 hex digits."""
        ...

    def jitter(self, seconds: float) -> float:
        """Return ``seconds`` with jitter: a value between half of it and all of it."""
        ...


class Start(Protocol):
    """Calls that run at the same time, each of which waits for an answer from elsewhere."""

    def __call__[T](self, call: Callable[[], T]) -> Callable[[], T]:
        """Start ``call``, and return a function that waits for its result, or raises its error.

        A call that was started must not start others: it would occupy the place that they wait for.
        """
        ...


class Telemetry(Protocol):
    """Logs and metrics. Callers never pass secrets or signatures."""

    def count(self, metric: str, value: int = 1) -> None:
        """Add ``value`` to a metric."""
        ...

    def measure(self, metric: str, seconds: float) -> None:
        """Add one reading to a metric in seconds."""
        ...

    def info(self, event: str, **fields: object) -> None:
        """Log what happened."""
        ...

    def warn(self, event: str, **fields: object) -> None:
        """Log something that may need attention."""
        ...


class Secrets(Protocol):
    """The cached secret store. Raises ``Retryable`` if it cannot be read and nothing is cached."""

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        """Return the credentials. With ``newer``, read them again unless a read was tried within the last minute."""
        ...
