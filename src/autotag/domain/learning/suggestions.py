"""What to propose for each label, with everything that a person needs to judge it."""

from typing import Literal

from msgspec import Struct

from autotag.domain.learning.calibration.draws import draw, used_steps
from autotag.domain.learning.calibration.estimate import Model, is_asked, learn, points_of
from autotag.domain.learning.calibration.extremes import Verdicts
from autotag.domain.learning.decision import GAIN, choose
from autotag.domain.learning.evidence import Evidence
from autotag.domain.learning.label_evidence import Example, LabelEvidence, Point
from autotag.domain.learning.outcome import Interval, Outcome, outcome_of, precision_now
from autotag.domain.learning.steps import THRESHOLDS, step_of
from autotag.domain.learning.unwanted import looks_unwanted
from autotag.domain.learning.verdicts import Kind, NotCounted
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.compiled.settings import bar_of

MIN_VERDICTS = 20
"""The default for the lowest number of verdicts on a label with which a threshold is proposed."""

Why = Literal["proposed", "unwanted", "unasked", "thin", "fine", "unsure"]
WHYS: tuple[Why, ...] = ("proposed", "unwanted", "unasked", "thin", "fine", "unsure")
"""What came of a label.

``proposed``: another threshold is better, almost surely; ``unwanted``: people remove its tag at all confidences;
``unasked``: nobody was asked below the present bar, and above it none is better; ``thin``: too few verdicts; ``fine``:
no other threshold is expected to save much; ``unsure``: one is, but that might be an accident.
"""


class LabelSuggestion(Struct, frozen=True):
    """What came of one label. ``present`` is its threshold (0 to 1), ``proposed`` the new one, if there is one.

    ``said`` counts verdicts by kind: (right, wrong). ``counted`` is what they weigh, since those of one act count as
    one, ``missing`` how many more would be enough. ``asked_below`` are verdicts below the present bar. ``gain`` is the
    share of the cost (0 to 1) that is expected to be saved, ``sure`` how likely at least ``decision.GAIN`` of it is.
    """

    key: str
    label: str
    why: Why
    present: float
    proposed: float | None
    said: dict[Kind, tuple[int, int]]
    not_counted: dict[NotCounted, int]
    counted: float
    missing: int
    asked_below: float
    gain: float
    sure: float
    outcome: Outcome | None
    precision: Interval | None
    right: tuple[Example, ...]
    wrong: tuple[Example, ...]


class Suggestions(Struct, frozen=True):
    """What came of each label with evidence, those with most verdicts first."""

    assets: int
    judged: int
    wrong_costs: float
    min_verdicts: int
    labels: tuple[LabelSuggestion, ...]

    def because(self, why: Why) -> tuple[LabelSuggestion, ...]:
        """Return the labels of which this came."""
        return tuple(each for each in self.labels if each.why == why)


def suggest(
    evidence: Evidence, ruleset: Ruleset, *, wrong_costs: float = 1.0, min_verdicts: int = MIN_VERDICTS
) -> Suggestions:
    """Return what to propose for each label on which people said something. ``ruleset``: the evidence's.

    ``wrong_costs``: how many missing tags are as bad as one wrong tag.
    """
    labels = {key: label for key, label in evidence.labels.items() if _has_any(label)}
    model = learn(labels)
    found = [
        _suggest(key, label, model, _present(label, ruleset), wrong_costs, min_verdicts)
        for key, label in labels.items()
    ]
    found.sort(key=lambda each: (-each.counted, each.label, each.key))
    return Suggestions(evidence.assets, evidence.judged, wrong_costs, min_verdicts, tuple(found))


def _present(label: LabelEvidence, ruleset: Ruleset) -> float:
    """Return what the label must reach where no block matches: of several providers' bars, the lowest."""
    settings = ruleset.base
    own = settings.label_plans.lookup(label.name).threshold
    return min(bar_of(provider, settings)[0] for provider in label.providers) if own is None else own


def _has_any(label: LabelEvidence) -> bool:
    return any(map(sum, label.said.values())) or any(label.not_counted.values()) or bool(label.removals)


def _suggest(
    key: str, label: LabelEvidence, model: Model, present: float, wrong_costs: float, min_verdicts: int
) -> LabelSuggestion:
    points, used = points_of(label), used_steps(label, apart=is_asked(label))
    counted = sum(point.weight for point in points)
    below = sum(point.weight for point in points if THRESHOLDS[point.step] < present and not point.passive)
    why: Why = "thin"
    proposed, gain, sure, outcome, precision = None, 0.0, 0.0, None, None
    enough = round(counted, 6) >= min_verdicts and bool(used.steps)
    if enough:
        cases = [draw(case, model.basis, points, used) for case in model.cases(label)]
        said = Verdicts(points, model.slips(label))
        choice = choose(cases, used, present, _lowest(label, points, present, min_verdicts), wrong_costs)
        gain, sure, precision = choice.gain, choice.sure, precision_now(cases, used, said)
        if choice.step is not None:
            why, proposed = "proposed", THRESHOLDS[choice.step]
            outcome = outcome_of(cases, used, said, choice.step)
        else:
            why = "fine" if gain < GAIN else "unsure"
    if looks_unwanted(label) and not _surely_right(outcome):
        why, proposed, outcome = "unwanted", None, None
    elif why != "proposed" and not below and any(step < step_of(present) for step in used.steps):
        why = "unasked"
    return LabelSuggestion(
        key=key,
        label=label.name,
        why=why,
        present=present,
        proposed=proposed,
        said={kind: (right, wrong) for kind, (right, wrong) in label.said.items()},
        not_counted=dict(label.not_counted),
        counted=counted,
        missing=max(0, min_verdicts - int(counted + 1e-6)),
        asked_below=below,
        gain=gain,
        sure=sure,
        outcome=outcome,
        precision=precision,
        right=tuple(label.shown(right=True)),
        wrong=tuple(label.shown(right=False)),
    )


def _surely_right(outcome: Outcome | None) -> bool:
    """Return whether most of what a proposed threshold keeps is right, almost surely: then it is no case for deny."""
    return outcome is not None and outcome.precision_new is not None and outcome.precision_new.low >= 0.5


def _lowest(label: LabelEvidence, points: list[Point], present: float, min_verdicts: int) -> float:
    """Return the confidence below which no threshold is proposed: the place below which people hardly answered.

    One in twenty answers may lie below it, of those to random questions or of all: random questions are asked
    everywhere, but people may have answered the most confident ones first. Without answers it is the present bar.
    """
    samples = sorted((step, float(number)) for (step, _), number in label.samples.items())
    answers = [(point.step, point.weight) for point in points if not point.passive]
    return min(_answered_from(each, present, min_verdicts) for each in (samples, answers))


def _answered_from(answers: list[tuple[int, float]], present: float, min_verdicts: int) -> float:
    total, seen = sum(weight for _, weight in answers), 0.0
    if total < min_verdicts:
        return present
    for step, weight in answers:
        seen += weight
        if seen > total / 20:
            return min(present, THRESHOLDS[step])
    return present
