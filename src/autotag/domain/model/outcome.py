"""The outcome of a label, in the form that audits store."""

from typing import Literal

from msgspec import Struct

Mode = Literal["apply", "dry_run"]

OutcomeKind = Literal[
    "kept",
    "below_threshold",
    "review",
    "given",
    "denied",
    "not_allowed",
    "not_agreed",
    "ancestor",
    "merged",
    "over_max",
    "suppressed",
    "present",
    "parent",
    "added",
    "translated",
    "invalid",
]


class LabelOutcome(Struct, frozen=True, gc=False):
    """The outcome of one label or implied tag.

    ``confidence`` and ``threshold`` are 0 to 1; ``because`` is the rule's path or a sentence; ``provider`` is None for
    implied tags; ``tag`` is None if no tag was considered.
    """

    label: str
    provider: str | None
    confidence: float
    outcome: OutcomeKind
    tag: str | None
    threshold: float | None
    because: str


SUPPRESSED = "a person removed it from this asset"
PRESENT = "it was on the asset already"

DROPPED: frozenset[OutcomeKind] = frozenset({"suppressed", "over_max"})
"""Outcomes of a tag that the cap dropped, or that a person removed."""
