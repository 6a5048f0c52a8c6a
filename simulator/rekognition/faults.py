"""Faults that tests inject into DetectLabels: errors, server errors without a type, cut connections, delays."""

from fnmatch import fnmatchcase
from typing import Annotated

from msgspec import Meta, Struct

from simulator.faults.fault_rules import FaultRules, Frequency
from simulator.rekognition.errors import ErrorName


class DetectMatch(Frequency, frozen=True, forbid_unknown_fields=True):
    """The calls that a fault is applied to: a glob on the public_id of the delivered asset, or on ``bucket/key``."""

    name: str = "*"

    def matches(self, name: str) -> bool:
        """Return whether a call about the image ``name`` is one of these."""
        return fnmatchcase(name, self.name)


class DetectFault(Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong: a delay in seconds, then an error of Rekognition's, a status above 499 or a cut connection.

    With ``effect`` the image is looked at and paid for nevertheless, and only the answer is lost or replaced.
    """

    error: ErrorName | None = None
    message: str = ""
    status: Annotated[int, Meta(ge=500, le=599)] | None = None
    drop: bool = False
    delay: Annotated[float, Meta(ge=0, le=3600)] = 0.0
    effect: bool = False

    def __post_init__(self) -> None:
        kinds = (self.error is not None) + (self.status is not None) + self.drop
        if kinds > 1 or (kinds == 0 and not self.delay):
            raise ValueError("a fault needs one of error, status and drop, or a delay alone")
        if self.message and self.error is None:
            raise ValueError("message needs an error")

    @property
    def replaces(self) -> bool:
        """Whether the caller gets something other than the labels."""
        return self.drop or self.error is not None or self.status is not None


class DetectFaultRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault and the calls that it is applied to."""

    match: DetectMatch
    fault: DetectFault


DetectFaults = FaultRules[str, DetectFault]
"""The active faults of DetectLabels."""
