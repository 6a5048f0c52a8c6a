"""What a label had to reach when a person judged its tag, left it alone, or was asked about it at random."""

from typing import Literal

from msgspec import Struct


class Bar(Struct, frozen=True, omit_defaults=True):
    """What a label had to reach for its tag, and below that for a question to reviewers (0-1; None: never asked)."""

    threshold: float
    review: float | None = None


class Left(Struct, frozen=True):
    """A label whose managed tag a person left on the asset at ``at`` (ms), while they changed another tag of it.

    ``rules`` are the first characters of the version that the asset was decided on with, and ``bar`` is theirs.
    """

    at: int
    rules: str
    bar: Bar


class Sample(Struct, frozen=True, omit_defaults=True):
    """A question at random, asked since ``at`` (ms), about ``tag`` for the label with the key ``label``.

    ``confidence`` is the label's, times 10,000. ``rules`` and ``bar`` are those that the asset was decided on with.
    ``answer`` is a person's in the review queue at ``answered_at`` (ms), "" if there is none or it was taken back.
    """

    at: int
    tag: str
    label: str
    confidence: int
    rules: str
    bar: Bar
    answer: Literal["", "accept", "reject"] = ""
    answered_at: int = 0


RULES_DIGITS = 12
"""Characters of a version of the rules that are kept beside a person's verdict."""
