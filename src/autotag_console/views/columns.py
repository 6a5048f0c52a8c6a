"""A drawing of columns, one for each number of a row: times, steps of confidence."""

from collections.abc import Sequence

from msgspec import Struct

WIDTH, HEIGHT = 1000, 200
"""Units of a drawing."""

_WIDEST = 80
"""Units of a column: one day alone is no block."""


class Column(Struct, frozen=True):
    """A rectangle of the drawing."""

    x: float
    y: float
    width: float
    height: float


def columns(numbers: Sequence[float], width: float = WIDTH, height: float = HEIGHT) -> tuple[Column, ...]:
    """Return a column for each number that is not 0; the highest fills the drawing."""
    most = max(numbers, default=0) or 1
    room = min(_WIDEST, width / max(1, len(numbers)))
    gap = min(4.0, room / 5)
    found = []
    for n, number in enumerate(numbers):
        if number:
            tall = round(max(2.0, height * number / most), 1)
            found.append(Column(round(n * room + gap / 2, 1), round(height - tall, 1), round(room - gap, 1), tall))
    return tuple(found)
