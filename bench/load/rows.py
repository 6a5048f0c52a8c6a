"""The rows of the table: a figure, how it was found, and the figure to reach."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

How = Literal["measured", "simulated", "computed"]
"""``measured``: in real or processor time; ``simulated``: the deployed code on a simulated clock; ``computed``: by
arithmetic, from one of these and from documented limits."""


class Row(Struct, frozen=True):
    """A figure: ``shown`` is its text. Where there is a target, ``met`` says whether it is reached.

    ``name`` and ``value`` are there where other measurements go by it.
    """

    what: str
    shown: str
    how: How
    target: str = ""
    met: bool | None = None
    name: str = ""
    value: float = 0.0


def row(what: str, value: float, how: How, unit: str = "", digits: int = 0) -> Row:
    """Return a figure without a target."""
    return Row(what, _shown(value, unit, digits), how)


def at_most(what: str, value: float, most: float, how: How, unit: str = "", digits: int = 0) -> Row:
    """Return a figure that may be no larger than ``most``."""
    return Row(what, _shown(value, unit, digits), how, f"at most {_shown(most, unit, digits)}", value <= most)


def at_least(what: str, value: float, least: float, how: How, unit: str = "", digits: int = 0) -> Row:
    """Return a figure that may be no smaller than ``least``."""
    return Row(what, _shown(value, unit, digits), how, f"at least {_shown(least, unit, digits)}", value >= least)


def _shown(value: float, unit: str, digits: int) -> str:
    return f"{value:,.{digits}f} {unit}".strip()


def compared(before: Sequence[Row] | None, after: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of the table: what, before, after, how, target, met. Only the later figure must meet a target.

    ``before`` is None where one revision alone was measured.
    """
    earlier = {each.what: each.shown for each in before or ()}
    later = {each.what for each in after}
    for each in after:
        met = "" if each.met is None else "yes" if each.met else "NO"
        old = () if before is None else (earlier.get(each.what, "not measured"),)
        yield each.what, *old, each.shown, each.how, each.target, met
    for each in before or ():
        if each.what not in later:  # that measurement failed in one of them
            yield each.what, each.shown, "not measured", each.how, each.target, ""
