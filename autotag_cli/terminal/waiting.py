"""Lines on stderr about what a command waits for, where an answer or the next progress takes long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autotag_cli.terminal.output import note

PATIENCE = 5.0
"""Seconds without progress after which a command says what it waits for."""


@contextmanager
def waiting_for(what: str, *, after: float = PATIENCE, say: Callable[[str], None] = note) -> Iterator[None]:
    """Say ``Waiting for WHAT`` if the block takes more than ``after`` seconds."""
    timer = threading.Timer(after, say, (f"Waiting for {what} …",))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class StallWatch:
    """Says once for each pause of more than ``after`` seconds how far the work is, and what it waits for."""

    def __init__(self, sentence: Callable[[int], str], say: Callable[[str], None], after: float = PATIENCE) -> None:
        self._sentence, self._say, self._after = sentence, say, after
        self._counted, self._ended = 0, False
        self._moved = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def advance(self, counted: int) -> None:
        """Report progress."""
        self._counted += counted
        self._moved.set()

    def end(self) -> None:
        """End the watch; nothing is said afterwards."""
        self._ended = True
        self._moved.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended:
            if not self._moved.wait(self._after):
                self._say(self._sentence(self._counted))
                self._moved.wait()
            self._moved.clear()
