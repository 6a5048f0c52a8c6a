"""What a page shows of learning from people, label by label."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

from msgspec import Struct

from autotag.domain.learning.label_evidence import Example, LabelEvidence
from autotag.domain.learning.steps import MIDDLES
from autotag.domain.learning.suggestions import LabelSuggestion, Suggestions, Why
from autotag.domain.sentences.numbers import confidence_text, threshold_text
from autotag.domain.sentences.sentence import Sentence
from autotag.domain.sentences.suggestions import asking_command, explain_outcome, explain_suggestion, explain_verdicts
from autotag_console.views.histogram import Histogram, histogram

MOST = 100
"""Labels that a page shows at most."""

_HEADINGS: dict[Why, str] = {
    "proposed": "Another threshold is better",
    "unwanted": "Looks unwanted",
    "unsure": "Not sure enough",
    "unasked": "Nobody was asked below the threshold",
    "thin": "Too few verdicts",
    "fine": "Right as it is",
}


class Picture(NamedTuple):
    """A picture on which a person said something; ``page`` is the path of its own page."""

    name: str
    page: str
    confidence: str
    right: bool


class LabelView(Struct, frozen=True):
    """One label: its present and proposed threshold as text ("" if none is proposed), and why.

    ``ask`` is the command that asks people about it, "" if it needs no answers. ``take_over`` is the path of the editor
    with the suggestion in the text, "" if there is none.
    """

    label: str
    why: Why
    anchor: str
    present: str
    proposed: str
    places: tuple[float, float | None]
    sentence: Sentence
    outcome: tuple[Sentence, ...]
    verdicts: Sentence
    drawing: Histogram
    pictures: tuple[Picture, ...]
    ask: str
    take_over: str


class Group(Struct, frozen=True):
    """The labels of which the same came, with a heading."""

    why: Why
    heading: str
    labels: tuple[LabelView, ...]


def groups_of(found: Suggestions, evidence: Mapping[str, LabelEvidence]) -> tuple[Group, ...]:
    """Return the labels by what came of them, the proposals first; of each those with the most verdicts."""
    shown: list[Group] = []
    room = MOST
    for why, heading in _HEADINGS.items():
        labels = tuple(_label(each, evidence[each.key]) for each in found.because(why)[:room])
        room -= len(labels)
        if labels:
            shown.append(Group(why, heading, labels))
    return tuple(shown)


def _label(found: LabelSuggestion, evidence: LabelEvidence) -> LabelView:
    drawing = _drawing(found, evidence)
    new = found.proposed
    return LabelView(
        label=found.label,
        why=found.why,
        anchor=f"label-{quote(found.key, safe='')}",
        present=threshold_text(found.present),
        proposed="" if new is None else threshold_text(new),
        places=(drawing.place(found.present), None if new is None else drawing.place(new)),
        sentence=explain_suggestion(found),
        outcome=explain_outcome(found.label, found.outcome) if found.outcome is not None else (),
        verdicts=explain_verdicts(found),
        drawing=drawing,
        pictures=tuple(
            _picture(each) for each in sorted((*found.right, *found.wrong), key=lambda each: -each.confidence)
        ),
        ask=asking_command((found,)),
        take_over=_take_over(found),
    )


def _take_over(found: LabelSuggestion) -> str:
    change = {"threshold": repr(found.proposed)} if found.proposed is not None else {"deny": "1"}
    if found.proposed is None and found.why != "unwanted":
        return ""
    return f"/rules/edit?{urlencode({'label': found.label, **change})}"


def _picture(example: Example) -> Picture:
    page = f"/asset/{quote(example.asset_id, safe='')}"
    return Picture(example.public_id, page, confidence_text(example.confidence), example.right)


def _drawing(found: LabelSuggestion, evidence: LabelEvidence) -> Histogram:
    library = evidence.library
    pictures = {
        MIDDLES[step]: below + kept
        for step, (below, kept) in enumerate(zip(library.all_below, library.all_kept, strict=True))
        if below or kept
    }
    right, wrong = defaultdict[float, float](float), defaultdict[float, float](float)
    for point in evidence.points():
        right[MIDDLES[point.step]] += point.right
        wrong[MIDDLES[point.step]] += point.weight - point.right
    return histogram(found.label, pictures, right, wrong)
