"""A process of a function, as Lambda runs it: a part of a core, one invocation at a time, and a time limit."""

from bench.load.simulated.clock import Simulation
from bench.load.simulated.template import Function


class TimedOut(BaseException):
    """The invocation was killed at its time limit: no code under test may catch it."""


class Invocation:
    """The process of a function, and its present invocation: what ``simulation.place`` is for its tasks."""

    def __init__(self, simulation: Simulation, function: Function) -> None:
        self._simulation, self.function = simulation, function
        self._core_free_at = 0.0
        self._ends_at = 0.0
        self.busy = 0.0

    def begin(self) -> None:
        """Begin an invocation."""
        self._ends_at = self._simulation.now + self.function.timeout
        self._core_free_at = self._simulation.now

    def remaining(self) -> float:
        """Return the seconds that are left to the invocation."""
        return self._ends_at - self._simulation.now

    def get_remaining_time_in_millis(self) -> int:
        """Return the same in milliseconds, as Lambda's context does."""
        return round(self.remaining() * 1000)

    def spend(self, processor: float, wait: float) -> None:
        """Let the running task use so many seconds of a whole core, in turn with others here, and then wait."""
        begin = max(self._simulation.now, self._core_free_at)
        self._core_free_at = begin + processor / self.function.core
        self.busy += processor / self.function.core
        self._simulation.sleep_until(min(self._core_free_at + wait, self._ends_at))

    def check(self) -> None:
        """Raise ``TimedOut`` if the time of the invocation is over."""
        if self._simulation.now >= self._ends_at:
            raise TimedOut
