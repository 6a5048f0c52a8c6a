"""What the library holds, as the page of statistics shows it: numbers, each with the length of its bar."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from autotag.domain.learning.label_evidence import LabelEvidence
from autotag.domain.learning.steps import MIDDLES
from autotag.domain.model.labels import label_key
from autotag.domain.model.outcome import OutcomeKind
from autotag.domain.sentences.numbers import counted
from autotag.domain.statistics.cost.month import Estimate, estimate
from autotag.domain.statistics.counts import Counts
from autotag.domain.statistics.distributions import STEPS, Corrections, Distributions
from autotag_console.views.bars import Row, length, rows
from autotag_console.views.histogram import Histogram, histogram
from autotag_console.views.timeline import Timeline, timeline

MOST = 25
"""Tags, labels and questions that a table shows at most."""

OFFERED = 500
"""Labels that the page offers to choose from."""

_CENT = 0.005
"""Dollars from which a part of the bill is shown."""

_MEANINGS: dict[OutcomeKind, tuple[str, str]] = {
    "kept": ("Became a tag", "sure enough for your rules"),
    "review": ("A person is asked", "between the review bar and the threshold"),
    "below_threshold": ("Left out", "not sure enough"),
    "not_agreed": ("Not agreed", "too few providers give it"),
    "ancestor": ("An ancestor", "a kept label says it more exactly"),
    "denied": ("Denied", "on your deny list"),
    "not_allowed": ("Not allowed", "not on your allow list"),
    "merged": ("The same tag", "a surer label gives it already"),
    "given": ("Given already", "something else gives the tag"),
    "over_max": ("Too many", "more tags than your rules allow"),
    "suppressed": ("Stays away", "a person removed the tag"),
    "present": ("Was there", "a person or Cloudinary put the tag there"),
    "parent": ("A parent", "another tag brings it"),
    "added": ("Added by a rule", "the rules add it where they apply"),
    "translated": ("Translated", "a word of another language"),
    "invalid": ("No tag can be made", "Cloudinary would not take the name"),
}


class CorrectionRow(Struct, frozen=True):
    """A label with what people did to its tag, and the lengths of the two bars."""

    name: str
    added: int
    removed: int
    added_length: float
    removed_length: float


class Overview(Struct, frozen=True):
    """All of the page that comes from reading the library. ``units`` are those of the add-on in thirty days."""

    counts: Counts
    statuses: tuple[Row, ...]
    tags: tuple[Row, ...]
    tags_more: int
    timeline: Timeline
    outcomes: tuple[Row, ...]
    label: str
    labels: tuple[str, ...]
    drawing: Histogram | None
    corrections: tuple[CorrectionRow, ...]
    corrections_more: int
    cost: Estimate
    dollars: tuple[Row, ...]
    units: tuple[Row, ...]


def overview(
    counts: Counts, spread: Distributions, evidence: Mapping[str, LabelEvidence], wanted_label: str
) -> Overview:
    """Return the page's numbers; ``wanted_label``: whose confidences are drawn, "" for the most frequent label's."""
    labels = spread.frequent_labels()
    label = _spelled(wanted_label, labels) or (wanted_label or next(iter(labels), ""))
    cost = estimate(counts)
    corrections = _corrections(spread)
    return Overview(
        counts=counts,
        statuses=rows((status.replace("_", " "), number) for status, number in counts.statuses.most_common()),
        tags=rows(counts.tags.most_common(MOST)),
        tags_more=max(0, len(counts.tags) - MOST),
        timeline=timeline(spread.days),
        outcomes=_outcomes(counts),
        label=label,
        labels=tuple(labels[:OFFERED]),
        drawing=_drawing(label, spread, evidence),
        corrections=corrections[:MOST],
        corrections_more=max(0, len(corrections) - MOST),
        cost=cost,
        dollars=rows(
            (
                (name, dollars)
                for name, dollars in sorted(cost.lines.items(), key=lambda line: -line[1])
                if dollars >= _CENT
            ),
            "${:,.2f}",
        ),
        units=rows((name, number) for name, number in counts.month.labeled.most_common() if number),
    )


def budget_text(health: Mapping[str, Any]) -> str:
    """Return how many calls of Cloudinary's Admin API this hour has, in a sentence."""
    budget = health.get("budget")
    if budget is None:
        return "Not known."
    return (
        f"{counted(budget['used'], 'call')} in this hour{', no more until the next one' if budget['closed'] else ''}."
    )


def _outcomes(counts: Counts) -> tuple[Row, ...]:
    found = counts.outcomes.most_common()
    most = max((number for _, number in found), default=0)
    return tuple(
        Row(_MEANINGS[kind][0], f"{number:,}", length(number, most), _MEANINGS[kind][1]) for kind, number in found
    )


def _spelled(wanted: str, labels: list[str]) -> str:
    key = label_key(wanted)
    return next((name for name in labels if label_key(name) == key), "") if wanted else ""


def _drawing(label: str, spread: Distributions, evidence: Mapping[str, LabelEvidence]) -> Histogram | None:
    counts = spread.confidences.get(label)
    if counts is None:
        return None
    right: dict[float, float] = {}
    wrong: dict[float, float] = {}
    known = evidence.get(label_key(label))
    for point in known.points() if known else ():
        middle = MIDDLES[point.step]
        right[middle] = right.get(middle, 0.0) + point.right
        wrong[middle] = wrong.get(middle, 0.0) + point.weight - point.right
    return histogram(
        label, {(step + 0.5) / STEPS: number for step, number in enumerate(counts) if number}, right, wrong
    )


def _corrections(spread: Distributions) -> tuple[CorrectionRow, ...]:
    def rank(item: tuple[str, Corrections]) -> tuple[int, str]:
        key, said = item
        return -said.added - said.removed, key

    most = max((max(said.added, said.removed) for said in spread.corrections.values()), default=0)
    return tuple(
        CorrectionRow(
            spread.names.get(key, key),
            said.added,
            said.removed,
            length(said.added, most),
            length(said.removed, most),
        )
        for key, said in sorted(spread.corrections.items(), key=rank)
    )
