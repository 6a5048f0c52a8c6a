"""Why each label became a tag or not, as a page shows it."""

from collections.abc import Iterable

from msgspec import Struct

from autotag.domain.model.outcome import LabelOutcome

_WORDS = {
    "kept": "became the tag",
    "below_threshold": "is below its threshold",
    "review": "waits for a person",
    "given": "is given by another label",
    "denied": "is on the deny list",
    "not_allowed": "is not on the allow list",
    "merged": "gives the same tag as a surer label",
    "over_max": "did not fit under the limit of tags",
    "suppressed": "stays away: a person removed it",
    "present": "was there before",
    "parent": "is there because of another label",
    "added": "is added by a rule",
    "invalid": "cannot be a tag",
}
_FIRST = ("kept", "parent", "added", "review")


class Reason(Struct, frozen=True):
    """One label: its confidence and threshold (0 to 1), what became of it, and the rule or the sentence why."""

    label: str
    tag: str
    confidence: float
    threshold: float | None
    what: str
    because: str
    is_tag: bool


def reasons(outcomes: Iterable[LabelOutcome]) -> tuple[Reason, ...]:
    """Return the reasons: first what became a tag or waits, then the rest, each the most confident first."""
    ordered = sorted(outcomes, key=lambda each: (each.outcome not in _FIRST, -each.confidence, each.label))
    return tuple(
        Reason(
            each.label,
            each.tag or "",
            each.confidence,
            each.threshold,
            _WORDS.get(each.outcome, each.outcome),
            each.because,
            each.outcome in ("kept", "parent", "added"),
        )
        for each in ordered
    )
