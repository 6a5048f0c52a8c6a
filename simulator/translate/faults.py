"""Faults that tests inject into TranslateText: errors, and server errors without a type."""

from fnmatch import fnmatchcase
from typing import Annotated

from msgspec import Meta, Struct

from simulator.faults.fault_rules import FaultRules, Frequency
from simulator.translate.errors import ErrorName


class TranslateMatch(Frequency, frozen=True, forbid_unknown_fields=True):
    """The calls that a fault is applied to: a glob on the text."""

    text: str = "*"

    def matches(self, text: str) -> bool:
        """Return whether a call for ``text`` is one of these."""
        return fnmatchcase(text, self.text)


class TranslateFault(Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong: an error of Translate's, or a status above 499."""

    error: ErrorName | None = None
    message: str = ""
    status: Annotated[int, Meta(ge=500, le=599)] | None = None

    def __post_init__(self) -> None:
        if (self.error is None) == (self.status is None):
            raise ValueError("a fault needs one of error and status")
        if self.message and self.error is None:
            raise ValueError("message needs an error")


class TranslateFaultRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault and the calls that it is applied to."""

    match: TranslateMatch
    fault: TranslateFault


TranslateFaults = FaultRules[str, TranslateFault]
"""The active faults of TranslateText."""
