"""Numbered rules for faults: which calls or notifications a fault is applied to, and how often."""

from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from msgspec import Meta, Struct


class Frequency(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How often a fault is applied: to each ``every``-th match, at most ``count`` times (default: no limit)."""

    count: Annotated[int, Meta(ge=1)] | None = None
    every: Annotated[int, Meta(ge=1)] = 1


class Match[Subject](Protocol):
    """The calls or notifications that a fault is applied to, and how often."""

    @property
    def count(self) -> int | None:
        """The maximum number of times, None for no limit."""
        ...

    @property
    def every(self) -> int:
        """The fault is applied to each ``every``-th match."""
        ...

    def matches(self, subject: Subject, /) -> bool:
        """Return whether ``subject`` is one of them."""
        ...


class FaultRule[Subject, Fault](Protocol):
    """One fault and what it is applied to."""

    @property
    def match(self) -> Match[Subject]:
        """What the fault is applied to."""
        ...

    @property
    def fault(self) -> Fault:
        """What goes wrong."""
        ...


@dataclass
class _Entry[Subject, Fault]:
    rule: FaultRule[Subject, Fault]
    matched: int = 0
    applied: int = 0

    def count_match(self, subject: Subject) -> bool:
        """Count ``subject`` if it matches, and return whether the fault is due for it."""
        match = self.rule.match
        if not match.matches(subject):
            return False
        self.matched += 1
        below_limit = match.count is None or self.applied < match.count
        return below_limit and self.matched >= match.every * (self.applied + 1)


class FaultRules[Subject, Fault]:
    """The active rules. The earliest that matches applies, until its count is used up."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry[Subject, Fault]] = {}
        self._next = 1

    def add(self, rule: FaultRule[Subject, Fault]) -> int:
        """Add ``rule`` and return the number by which it can be removed."""
        number, self._next = self._next, self._next + 1
        self._entries[number] = _Entry(rule)
        return number

    def apply(self, subject: Subject) -> Fault | None:
        """Return the fault for one call or notification, if any, and count it as applied."""
        due = [entry for entry in self._entries.values() if entry.count_match(subject)]
        if not due:
            return None
        due[0].applied += 1
        return due[0].rule.fault

    def as_json(self) -> list[dict[str, Any]]:
        """Return every rule with its number and how often its fault was applied, for the control API."""
        return [
            {"id": number, "match": entry.rule.match, "fault": entry.rule.fault, "struck": entry.applied}
            for number, entry in self._entries.items()
        ]

    def remove(self, number: int) -> bool:
        """Remove one rule; return False if it does not exist."""
        return self._entries.pop(number, None) is not None

    def clear(self) -> None:
        """Remove all rules."""
        self._entries.clear()
