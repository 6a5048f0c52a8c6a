"""Several processes that take turns at every effect and around every read, in an order that a test chooses."""

import threading
from collections.abc import Callable, Sequence

from tests.fakes.effects import Effects

_PATIENCE = 30.0


class Interleaving:
    """Runs processes in threads, one at a time; ``schedule`` says at each turn which of those that are left goes on."""

    def __init__(self, effects: Effects, schedule: Sequence[int]) -> None:
        self._effects, self._schedule = effects, list(schedule)
        self._changed = threading.Condition()
        self._left: list[int] = []
        self._now = -1
        self._number = threading.local()

    def run(self, *processes: Callable[[], None]) -> list[BaseException | None]:
        """Run ``processes`` to their ends; return what each raised, or None."""
        raised: list[BaseException | None] = [None] * len(processes)

        def begin(number: int, process: Callable[[], None]) -> None:
            self._number.it = number
            self._wait(number)
            try:
                process()
            except BaseException as error:
                raised[number] = error
            finally:
                self._leave(number)

        self._left = list(range(len(processes)))
        self._now = self._next()
        threads = [threading.Thread(target=begin, args=each, daemon=True) for each in enumerate(processes)]
        self._effects.turn = self._turn
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(_PATIENCE)
                assert not thread.is_alive(), "a process never got its turn"
        finally:
            self._effects.turn = lambda: None
        return raised

    def _turn(self) -> None:
        with self._changed:
            self._now = self._next()
            self._changed.notify_all()
        self._wait(self._number.it)

    def _next(self) -> int:
        """Return who goes on; once nothing is scheduled any more, whoever is at work does, then the others."""
        if self._schedule and self._left:
            return self._left[self._schedule.pop(0) % len(self._left)]
        return self._now if self._now in self._left else (self._left[0] if self._left else -1)

    def _wait(self, number: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._now == number, _PATIENCE), "a process never got its turn"

    def _leave(self, number: int) -> None:
        with self._changed:
            self._left.remove(number)
            self._now = self._next()
            self._changed.notify_all()
