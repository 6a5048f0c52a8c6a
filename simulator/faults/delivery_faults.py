"""Faults that tests inject into notifications: lost, duplicated, late, out of order, badly signed."""

from fnmatch import fnmatchcase
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from simulator.faults.rules import Strikes


class DeliveryMatch(Struct, frozen=True, forbid_unknown_fields=True):
    """The notifications that a fault applies to: globs on type, public_id and URI.

    The fault applies to each ``every``-th match (default: each one), ``count`` times (default: no limit).
    """

    type: str = "*"
    public_id: str = "*"
    uri: str = "*"
    count: Annotated[int, Meta(ge=1)] | None = None
    every: Annotated[int, Meta(ge=1)] = 1

    def meets(self, kind: str, public_ids: list[str], uri: str) -> bool:
        """Return whether a notification of type ``kind`` about ``public_ids`` to ``uri`` matches."""
        named = any(fnmatchcase(public_id, self.public_id) for public_id in public_ids)
        return named and fnmatchcase(kind, self.type) and fnmatchcase(uri, self.uri)


class DeliveryFault(Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong with a notification. All faults but ``lost`` can be combined.

    ``copies``: this many more are sent. ``delay``: it is sent after this many seconds of real time.
    ``after_next``: it is held back until a later one was sent to the same URI, or until a ``delay`` above 0 is over.
    ``wrong_signature``: no key signed it. ``age``: its timestamp is this many seconds old, and correctly signed.
    """

    lost: bool = False
    copies: Annotated[int, Meta(ge=0, le=100)] = 0
    delay: Annotated[float, Meta(ge=0, le=86400)] = 0.0
    after_next: bool = False
    wrong_signature: bool = False
    age: Annotated[float, Meta(ge=0)] = 0.0

    def __post_init__(self) -> None:
        if self.lost and replace(self, lost=False) != DeliveryFault():
            raise ValueError("lost cannot be combined with another fault")


NO_FAULT = DeliveryFault()


class DeliveryRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault and the notifications that it applies to."""

    match: DeliveryMatch
    fault: DeliveryFault

    def __post_init__(self) -> None:
        if self.fault == NO_FAULT:
            raise ValueError("a delivery fault needs lost, copies, delay, after_next, wrong_signature or age")


class DeliveryFaultBook:
    """The active faults. The earliest that matches applies, until its count is used up."""

    def __init__(self) -> None:
        self._strikes: Strikes[DeliveryRule] = Strikes()

    def put(self, rule: DeliveryRule) -> int:
        """Add ``rule`` and return the number by which it can be removed."""
        return self._strikes.put(rule, rule.match.count, rule.match.every)

    def strike(self, kind: str, public_ids: list[str], uri: str) -> DeliveryFault | None:
        """Return the fault for one notification to one URI, if any, and count it as applied."""
        rule = self._strikes.strike(lambda rule: rule.match.meets(kind, public_ids, uri))
        return rule.fault if rule else None

    def listed(self) -> list[dict[str, Any]]:
        """Return every rule with its number and how often it was applied."""
        return [
            {"id": number, "match": rule.match, "fault": rule.fault, "struck": struck}
            for number, rule, struck in self._strikes.listed()
        ]

    def remove(self, number: int) -> bool:
        """Remove one rule; return False if it does not exist."""
        return self._strikes.remove(number)

    def clear(self) -> None:
        """Remove all rules."""
        self._strikes.clear()
