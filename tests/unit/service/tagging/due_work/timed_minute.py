"""A minute of the poller on a clock that only calls move: each takes the time that it would take."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.service.poller import run_minute
from tests.fakes.runtime import in_turn
from tests.unit.service.runs.run_library import Library

STORE, SQS, CLOUDINARY = 0.005, 0.010, 0.150
"""Seconds of a call."""


class TimedMinute:
    """The poller of a library, whose Cloudinary takes ``seconds`` a call, or to fail, and whose queue ``sqs`` seconds.

    ``handed_over``, ``read`` and ``runs`` are the seconds of the minute at which each part of it made its last call.
    """

    def __init__(self, library: Library, seconds: float = CLOUDINARY, *, fails: bool = False, sqs: float = SQS) -> None:
        self.library, self._seconds, self._fails, self._sqs = library, seconds, fails, sqs
        library.fakes.clock.step = 0
        self.began = library.fakes.clock.time
        self.handed_over = self.read = self.runs = 0.0

    def elapsed(self) -> float:
        return (self.library.fakes.clock.time - self.began) / 1000

    def remaining(self) -> float:
        return 60.0 - self.elapsed()

    def run(self) -> None:
        """Let the minute pass."""
        fakes = self.library.fakes
        deps = replace(
            fakes.deps,
            store=_Timed(fakes.store, self._passes(STORE)),
            audits=_Timed(fakes.audits, self._passes(STORE)),
            cloudinary=_Timed(fakes.cloudinary, self._cloudinary),
        )
        planner = replace(self.library.planner, pages=_Timed(fakes.store, self._passes(1.0, "runs")))
        queue: Any = _Timed(fakes.due_queue, self._passes(self._sqs, "handed_over"))
        run_minute(deps, planner, queue, in_turn, self.remaining)

    def _passes(self, seconds: float, part: str = "") -> Callable[[], None]:
        def passes() -> None:
            self.library.fakes.clock.advance(seconds)
            if part:
                setattr(self, part, self.elapsed())

        return passes

    def _cloudinary(self) -> None:
        self._passes(self._seconds, "read")()
        if self._fails:
            raise Retryable("Cloudinary: ReadTimeoutError")


class _Timed:
    """A port each of whose calls first has time pass."""

    def __init__(self, port: Any, passes: Callable[[], None]) -> None:
        self._port, self._passes = port, passes

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)

        def call(*args: Any, **options: Any) -> Any:
            if name not in ("own_keys", "keeps_tags"):  # known without a call
                self._passes()
            return found(*args, **options)

        return call
