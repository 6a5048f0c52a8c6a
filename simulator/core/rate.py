"""The rate of calls that the account may make of a service."""

from collections.abc import Callable

from simulator.core.clock import Clock


class CallRate:
    """A bucket of calls that fills at the rate, up to the calls of one second; it follows the simulated clock.

    ``rate`` returns how many calls a second are answered, None for all.
    """

    def __init__(self, clock: Clock, rate: Callable[[], float | None]) -> None:
        self._clock = clock
        self._rate = rate
        self.clear()

    def clear(self) -> None:
        """Fill the bucket."""
        self._calls, self._filled_at = float("inf"), 0.0

    def take(self) -> bool:
        """Count one call, and return whether the rate allows it."""
        rate, now = self._rate(), self._clock.now()
        if rate is None:
            self.clear()
            return True
        filled = self._calls + max(0.0, now - self._filled_at) * rate
        self._calls, self._filled_at = min(filled, max(1.0, rate)), now
        if self._calls < 1:
            return False
        self._calls -= 1
        return True
