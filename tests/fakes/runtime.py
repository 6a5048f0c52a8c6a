"""The clock, ids and telemetry in memory, and calls that are made where their result is wanted."""

from collections.abc import Callable
from itertools import count

START = 1_791_460_800_000


class FakeClock:
    """A clock that stands until it is told to move; ids count up. ``step``: no two moments are the same, unless 0.

    ``spreads`` is by how much delays are spread.
    """

    def __init__(self) -> None:
        self.time = START
        self.step = 1
        self.spreads = 1.0
        self.ids = count(1)  # no two threads get the same

    def now(self) -> int:
        self.time += self.step
        return self.time

    def unique(self) -> str:
        return f"{next(self.ids):032x}"

    def jitter(self, seconds: float) -> float:
        return seconds * self.spreads

    def advance(self, seconds: float) -> None:
        self.time += round(seconds * 1000)


class FakeTelemetry:
    """Keeps what was counted and logged."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.measured: dict[str, list[float]] = {}
        self.lines: list[tuple[str, dict[str, object]]] = []

    def count(self, metric: str, value: int = 1) -> None:
        self.counts[metric] = self.counts.get(metric, 0) + value

    def measure(self, metric: str, seconds: float) -> None:
        self.measured.setdefault(metric, []).append(seconds)

    def info(self, event: str, **fields: object) -> None:
        self.lines.append((event, fields))

    def warn(self, event: str, **fields: object) -> None:
        self.lines.append((event, fields))


def in_turn[T](call: Callable[[], T]) -> Callable[[], T]:
    """Stand for the start of a call; it is made where its result is wanted."""
    made: list[T] = []

    def result() -> T:
        if not made:
            made.append(call())
        return made[0]

    return result
