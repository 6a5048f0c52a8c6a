"""Rows of a table with a bar each: a number beside the largest one."""

from collections.abc import Iterable

from msgspec import Struct

WIDTH = 100
"""Units of the longest bar."""


class Row(Struct, frozen=True):
    """A row: its name, what it means ("" if that is plain), its number as text and as the length of its bar."""

    name: str
    text: str
    length: float
    meaning: str = ""


def rows(numbers: Iterable[tuple[str, float]], form: str = "{:,}") -> tuple[Row, ...]:
    """Return a row for each name and number, in their order; ``form`` makes a text of a number."""
    found = list(numbers)
    most = max((number for _, number in found), default=0) or 1
    return tuple(Row(name, form.format(number), length(number, most)) for name, number in found)


def length(number: float, most: float) -> float:
    """Return the length of a bar beside that of the largest number; what is not 0 is seen."""
    return round(max(1.0, WIDTH * number / most), 1) if number else 0.0
