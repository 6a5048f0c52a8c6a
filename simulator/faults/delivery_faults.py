"""Faults that tests put in the way of notifications: lost, doubled, late, out of order, badly signed."""

from fnmatch import fnmatchcase
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from simulator.faults.rules import Strikes


class DeliveryMatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Which notifications: globs on type, public_id and URI, how many of them, and each how-manieth.

    ``count`` left out strikes without end, ``every`` left out strikes each one.
    """

    type: str = "*"
    public_id: str = "*"
    uri: str = "*"
    count: Annotated[int, Meta(ge=1)] | None = None
    every: Annotated[int, Meta(ge=1)] = 1

    def meets(self, kind: str, public_ids: list[str], uri: str) -> bool:
        """Is a notification about ``public_ids`` meant?"""
        named = any(fnmatchcase(public_id, self.public_id) for public_id in public_ids)
        return named and fnmatchcase(kind, self.type) and fnmatchcase(uri, self.uri)


class DeliveryFault(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to a notification; all but ``lost`` go together.

    ``copies``: so many more of it are sent. ``delay``: it leaves after so many seconds of real time.
    ``after_next``: it is held back until a later one was sent to the same URI, with ``delay`` no longer than that.
    ``wrong_signature``: no key signed it. ``age``: its timestamp, rightly signed, is so many seconds old.
    """

    lost: bool = False
    copies: Annotated[int, Meta(ge=0, le=100)] = 0
    delay: Annotated[float, Meta(ge=0, le=86400)] = 0.0
    after_next: bool = False
    wrong_signature: bool = False
    age: Annotated[float, Meta(ge=0)] = 0.0

    def __post_init__(self) -> None:
        if self.lost and replace(self, lost=False) != DeliveryFault():
            raise ValueError("a notification that is lost has no other fault")


NO_FAULT = DeliveryFault()


class DeliveryRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault and the notifications that it strikes."""

    match: DeliveryMatch
    fault: DeliveryFault

    def __post_init__(self) -> None:
        if self.fault == NO_FAULT:
            raise ValueError("a delivery fault is one of lost, copies, delay, after_next, wrong_signature and age")


class DeliveryFaultBook:
    """The faults in force; the earliest that matches strikes, until its count is used up."""

    def __init__(self) -> None:
        self._strikes: Strikes[DeliveryRule] = Strikes()

    def put(self, rule: DeliveryRule) -> int:
        """Add ``rule`` and return the number by which it can be removed."""
        return self._strikes.put(rule, rule.match.count, rule.match.every)

    def strike(self, kind: str, public_ids: list[str], uri: str) -> DeliveryFault | None:
        """Return the fault for one notification to one URI, which counts as struck."""
        rule = self._strikes.strike(lambda rule: rule.match.meets(kind, public_ids, uri))
        return rule.fault if rule else None

    def listed(self) -> list[dict[str, Any]]:
        """Return every rule with its number and how often it struck."""
        return [
            {"id": number, "match": rule.match, "fault": rule.fault, "struck": struck}
            for number, rule, struck in self._strikes.listed()
        ]

    def remove(self, number: int) -> bool:
        """Forget one rule; False where there is none."""
        return self._strikes.remove(number)

    def clear(self) -> None:
        """Forget all rules."""
        self._strikes.clear()
