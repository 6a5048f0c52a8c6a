"""Numbered rules. Each applies to every n-th match, up to a maximum number of times."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Entry[R]:
    rule: R
    count: int | None
    every: int
    seen: int = 0
    struck: int = 0


class Strikes[R]:
    """The active rules. The earliest that matches applies, until its count is used up."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry[R]] = {}
        self._next = 1

    def put(self, rule: R, count: int | None, every: int) -> int:
        """Add ``rule``, which applies to each ``every``-th match, ``count`` times, and return its number."""
        number, self._next = self._next, self._next + 1
        self._entries[number] = _Entry(rule, count, every)
        return number

    def strike(self, matches: Callable[[R], bool]) -> R | None:
        """Return the rule that applies now, if any, and count it as applied."""
        ready = []
        for entry in self._entries.values():
            if not matches(entry.rule):
                continue
            entry.seen += 1
            left = entry.count is None or entry.struck < entry.count
            if left and entry.seen >= entry.every * (entry.struck + 1):
                ready.append(entry)
        if not ready:
            return None
        ready[0].struck += 1
        return ready[0].rule

    def listed(self) -> list[tuple[int, R, int]]:
        """Return every rule with its number and how often it was applied."""
        return [(number, entry.rule, entry.struck) for number, entry in self._entries.items()]

    def remove(self, number: int) -> bool:
        """Remove one rule; return False if it does not exist."""
        return self._entries.pop(number, None) is not None

    def clear(self) -> None:
        """Remove all rules."""
        self._entries.clear()
