"""Work on many files at a time, until all are done, a signal comes, or there is a reason to stop.

The first SIGINT or SIGTERM lets files under way finish, so that they are recorded; the second ends the process at once.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import FrameType

_CHECK_EVERY = 0.2
"""Seconds within which a signal is noticed."""
_CURSOR = b"\x1b[?25h"
"""Shows a terminal's cursor, which a progress bar hides."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether to start no more files. ``signal``: the number of a signal that came; ``reason``: any other reason.

    ``output_failed``: responses can no longer be printed.
    """

    def __init__(self) -> None:
        self.signal = 0
        self.reason = ""
        self.output_failed = False

    def __bool__(self) -> bool:
        return bool(self.signal or self.reason)


@contextmanager
def stop_on_signal(on_first: Callable[[], None]) -> Iterator[Stop]:
    """Catch signals during the block; call ``on_first`` at the first one."""
    stop = Stop()

    def caught(number: int, _frame: FrameType | None) -> None:
        if stop.signal:
            if sys.stderr.isatty():
                os.write(sys.stderr.fileno(), _CURSOR)
            os._exit(128 + number)
        stop.signal = number
        on_first()

    if threading.current_thread() is not threading.main_thread():
        yield stop  # signals go to the main thread
        return
    before = {number: signal.signal(number, caught) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_all[T, R](items: Iterable[T], do: Callable[[T], R], jobs: int, stop: Stop) -> Generator[tuple[T, Future[R]]]:
    """Yield each item with its finished future, up to ``jobs`` at a time; start no more once ``stop`` is true."""
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
            done, _ = wait(under_way, _CHECK_EVERY, FIRST_COMPLETED)
            for future in done:
                yield under_way.pop(future), future
