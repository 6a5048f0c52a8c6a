"""Differences between two texts, line by line."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_AROUND = 3
"""Equal lines that are shown before and after a difference."""


class Line(NamedTuple):
    """A line of either text or of both; ``old`` and ``new`` are its numbers there, from 1, None if it is not there."""

    kind: Literal["same", "added", "removed"]
    old: int | None
    new: int | None
    text: str


def differences(old: str, new: str) -> tuple[tuple[Line, ...], ...]:
    """Return the groups of lines in which the texts differ, with a few lines around each; ends of lines do not count.

    White space at the end of a line counts.
    """
    before, after = old.splitlines(), new.splitlines()
    matcher = SequenceMatcher(None, before, after)
    return tuple(
        tuple(line for operation in group for line in _lines(operation, before, after))
        for group in matcher.get_grouped_opcodes(_AROUND)
    )


def _lines(operation: tuple[str, int, int, int, int], before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    kind, old, old_end, new, new_end = operation
    if kind == "equal":
        for offset, text in enumerate(before[old:old_end]):
            yield Line("same", old + offset + 1, new + offset + 1, text)
        return
    for number, text in enumerate(before[old:old_end], old + 1):
        yield Line("removed", number, None, text)
    for number, text in enumerate(after[new:new_end], new + 1):
        yield Line("added", None, number, text)
