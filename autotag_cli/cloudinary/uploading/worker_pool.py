"""Many files at a time, until all are through, a signal comes, or going on makes no sense.

The first SIGINT or SIGTERM lets those under way finish, so that they are recorded; the second ends the process at once.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import FrameType

_LOOK = 0.2
"""Seconds within which a signal is seen."""
_CURSOR = b"\x1b[?25h"
"""Shows a terminal's cursor, which a progress bar hides."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether to begin no more: ``signal`` is the number of the one that came, ``reason`` what else speaks for it.

    ``mute``: answers cannot be printed any more.
    """

    def __init__(self) -> None:
        self.signal = 0
        self.reason = ""
        self.mute = False

    def __bool__(self) -> bool:
        return bool(self.signal or self.reason)


@contextmanager
def stopping(told: Callable[[], None]) -> Iterator[Stop]:
    """Catch signals during the block; ``told`` is called at the first."""
    stop = Stop()

    def caught(number: int, _frame: FrameType | None) -> None:
        if stop.signal:
            if sys.stderr.isatty():
                os.write(sys.stderr.fileno(), _CURSOR)
            os._exit(128 + number)
        stop.signal = number
        told()

    if threading.current_thread() is not threading.main_thread():
        yield stop  # signals go to the main thread
        return
    before = {number: signal.signal(number, caught) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def work[T, R](items: Iterable[T], do: Callable[[T], R], jobs: int, stop: Stop) -> Generator[tuple[T, Future[R]]]:
    """Yield each item with its finished future, up to ``jobs`` at a time, beginning no more once ``stop`` is true."""
    waiting = iter(items)
    under_way: dict[Future[R], T] = {}
    with ThreadPoolExecutor(jobs) as pool:
        while True:
            while not stop and len(under_way) < jobs:
                try:
                    item = next(waiting)
                except StopIteration:
                    break
                under_way[pool.submit(do, item)] = item
            if not under_way:
                return
            done, _ = wait(under_way, _LOOK, FIRST_COMPLETED)
            for future in done:
                yield under_way.pop(future), future
