"""Faults that tests inject into notifications: lost, duplicated, late, out of order, badly signed."""

from fnmatch import fnmatchcase
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct
from msgspec.structs import replace

from simulator.faults.fault_rules import FaultRules, Frequency


class Delivery(NamedTuple):
    """A notification's type, the assets that it is about, and the URI that it is sent to."""

    type: str
    public_ids: list[str]
    uri: str


class DeliveryMatch(Frequency, frozen=True, forbid_unknown_fields=True):
    """The notifications that a fault is applied to: globs on type, public_id and URI."""

    type: str = "*"
    public_id: str = "*"
    uri: str = "*"

    def matches(self, delivery: Delivery) -> bool:
        """Return whether ``delivery`` is one of these notifications."""
        about = any(fnmatchcase(public_id, self.public_id) for public_id in delivery.public_ids)
        return about and fnmatchcase(delivery.type, self.type) and fnmatchcase(delivery.uri, self.uri)


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


class DeliveryFaultRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault and the notifications that it is applied to."""

    match: DeliveryMatch
    fault: DeliveryFault

    def __post_init__(self) -> None:
        if self.fault == NO_FAULT:
            raise ValueError("a delivery fault needs lost, copies, delay, after_next, wrong_signature or age")


DeliveryFaults = FaultRules[Delivery, DeliveryFault]
"""The active faults of notifications."""
