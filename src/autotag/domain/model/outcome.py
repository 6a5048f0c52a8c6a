"""What became of a label, in the audit's own shape."""

from typing import Literal

from msgspec import Struct

Mode = Literal["apply", "dry_run"]

Outcome = Literal[
    "kept",
    "below_threshold",
    "review",
    "given",
    "denied",
    "not_allowed",
    "merged",
    "over_max",
    "suppressed",
    "present",
    "parent",
    "added",
    "invalid",
]


class LabelOutcome(Struct, frozen=True, gc=False):
    """What became of one label or implied tag.

    ``confidence`` and ``threshold`` are 0 to 1; ``because`` is the rule's path or a sentence; ``provider`` is None for
    implied tags, ``tag`` None where no tag came into question.
    """

    label: str
    provider: str | None
    confidence: float
    outcome: Outcome
    tag: str | None
    threshold: float | None
    because: str


SUPPRESSED = "a person removed it from this asset"
PRESENT = "it was on the asset already"

DROPPED: frozenset[Outcome] = frozenset({"suppressed", "over_max"})
"""What becomes of a tag that other tags of the asset outlive, or that a person took away."""
