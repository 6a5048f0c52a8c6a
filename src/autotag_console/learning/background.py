"""Long work of the console: in a thread of its own, one at a time, with its progress, and its last result kept."""

import threading
from collections.abc import Callable
from time import time

from msgspec import Struct

from autotag.domain.errors import AutotagError


class Progress(Struct, frozen=True):
    """Work that began at ``since`` (unix seconds), and what it has ``done`` by now, ``of`` about how much.

    ``of`` is 0 as long as that is not known.
    ``all_done``: nothing is left to do but to compute the result.
    """

    since: float
    done: int = 0
    all_done: bool = False
    of: int = 0


Report = Callable[[int, bool, int], None]
"""Takes what is done by now, whether that is all, and about how much there is (0: not known)."""


class Result[T](Struct, frozen=True):
    """What the work returned at ``at`` (unix seconds)."""

    at: float
    value: T


class Background[W, T]:
    """One piece of work, done as often as it is started, never twice at once.

    ``work`` gets what is wanted, and a function to report how far it is by now. ``fault`` is why it failed last, "" if
    it did not.
    """

    def __init__(self, work: Callable[[W, Report], T], now: Callable[[], float] = time) -> None:
        self._work, self._now = work, now
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.progress: Progress | None = None
        self.last: Result[T] | None = None
        self.fault = ""

    def start(self, wanted: W) -> None:
        """Start the work, unless some is under way. The console may end before it does."""
        with self._lock:
            if self.progress is not None:
                return
            self.progress, self.fault = Progress(self._now()), ""
            thread = threading.Thread(target=self._run, args=(wanted,), daemon=True)
            thread.start()
            self._thread = thread  # only then may it be waited for

    def join(self) -> None:
        """Wait until the work that is under way has ended."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, wanted: W) -> None:
        fault = "It failed: the terminal in which the console runs says why."
        try:
            self.last = Result(self._now(), self._work(wanted, self._report))
            fault = ""
        except AutotagError as error:
            fault = str(error)
        finally:
            self.progress, self.fault = None, fault

    def _report(self, done: int, all_done: bool, of: int) -> None:
        if self.progress is not None:
            self.progress = Progress(self.progress.since, done, all_done, of)
