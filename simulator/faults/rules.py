"""Numbered rules that strike what they match, so many times and each how-manieth time."""

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
    """The earliest rule that matches strikes, until its count is used up."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry[R]] = {}
        self._next = 1

    def put(self, rule: R, count: int | None, every: int) -> int:
        """Add ``rule``, which strikes each ``every``-th match, ``count`` times; returns its number."""
        number, self._next = self._next, self._next + 1
        self._entries[number] = _Entry(rule, count, every)
        return number

    def strike(self, matches: Callable[[R], bool]) -> R | None:
        """Return the rule that strikes now, which counts as struck."""
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
        """Return every rule with its number and how often it struck."""
        return [(number, entry.rule, entry.struck) for number, entry in self._entries.items()]

    def remove(self, number: int) -> bool:
        """Forget one rule; False where there is none."""
        return self._entries.pop(number, None) is not None

    def clear(self) -> None:
        """Forget all rules."""
        self._entries.clear()
