"""The rule by which ``autotag rules suggest`` proposed until release 0.2, to compare with: the fewest errors."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

from bench.learning.former_evidence import LabelEvidence, Observation

MIN_VERDICTS = 20
"""The default for the lowest number of verdicts on a label with which a threshold is proposed."""

_MIN_OF_EACH = 5
_SMALLEST_MOVE = 0.01
_Z = 1.959963984540054
"""The quantile of the normal distribution for 95 %."""

_DECIMALS = (2, 3, 4)

NoProposal = Literal["thin", "fine", "unsure"]
"""Why there is no proposal.

``thin``: too few verdicts; ``fine``: the old threshold is the best or next to it; ``unsure``: the improvement might be
an accident.
"""


class Share(NamedTuple):
    """``part`` of ``whole``, with the bounds of its 95 % interval."""

    part: int
    whole: int
    low: float
    high: float


class Proposal(Struct, frozen=True):
    """A threshold for a label. ``right`` includes those that were ``left``; errors are counted on both sides.

    ``precision_*``: the share of right ones among those that are kept. ``moved``: the share that moves to the right
    side, of those that change sides.
    """

    label: str
    old: float
    new: float
    right: int
    left: int
    wrong: int
    errors_old: int
    errors_new: int
    precision_old: Share
    precision_new: Share
    moved: Share


def share_of(part: int, whole: int) -> Share:
    """Return ``part`` of ``whole`` with its Wilson interval; it is 0 to 1 if ``whole`` is 0."""
    if not whole:
        return Share(0, 0, 0.0, 1.0)
    p, z2 = part / whole, _Z * _Z
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z / (1 + z2 / whole) * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
    return Share(part, whole, max(0.0, middle - half), min(1.0, middle + half))


def propose(evidence: LabelEvidence, old: float, min_verdicts: int = MIN_VERDICTS) -> Proposal | NoProposal:
    """Return a threshold for the label, or why there is none. ``old`` is the present one."""
    counts = Counter[str]()
    for each, times in evidence.observations.items():
        counts[each.verdict] += times
    right, wrong = counts["right"] + counts["left"], counts["wrong"]
    if right + wrong < min_verdicts or min(right, wrong) < _MIN_OF_EACH:
        return "thin"
    new = best_threshold(evidence.observations, old)
    if round(abs(new - old), 9) < _SMALLEST_MOVE:
        return "fine"
    moved = {each: times for each, times in evidence.observations.items() if each.kept != (each.confidence >= new)}
    improved = share_of(_right_side(moved, new), sum(moved.values()))
    if improved.low <= 0.5:
        return "unsure"
    stay = {each: times for each, times in evidence.observations.items() if each.confidence >= new}
    return Proposal(
        label=evidence.name,
        old=old,
        new=new,
        right=right,
        left=counts["left"],
        wrong=wrong,
        errors_old=sum(
            times for each, times in evidence.observations.items() if each.kept == (each.verdict == "wrong")
        ),
        errors_new=right + wrong - _right_side(evidence.observations, new),
        precision_old=_precision({each: times for each, times in evidence.observations.items() if each.kept}),
        precision_new=_precision(stay),
        moved=improved,
    )


def best_threshold(observations: Mapping[Observation, int], old: float) -> float:
    """Return the threshold with the fewest errors; ``old`` itself if none has fewer."""
    steps = Counter[float]()
    errors = 0  # those of a threshold below all confidences
    for each, times in observations.items():
        wrong = each.verdict == "wrong"
        steps[each.confidence] += -times if wrong else times
        errors += times if wrong else 0
    below = -math.inf
    best = (math.inf, math.inf, old)
    for confidence in sorted(steps):
        threshold = old if below < old <= confidence else _between(below, confidence)
        best = min(best, (errors, abs(threshold - old), threshold))
        errors += steps[confidence]
        below = confidence
    if below < 1:
        threshold = old if below < old else _above(below)
        best = min(best, (errors, abs(threshold - old), threshold))
    return best[2]


def _between(below: float, confidence: float) -> float:
    """Return a threshold that ``confidence`` reaches and ``below`` does not."""
    if below == -math.inf:  # there is no verdict on lower ones
        return confidence
    middle = (below + confidence) / 2
    tried = (*(round(middle, n) for n in _DECIMALS), middle, confidence)  # confidence, if no number lies between
    return next(each for each in tried if below < each <= confidence)


def _above(below: float) -> float:
    return min(1.0, (math.floor(below * 10_000) + 1) / 10_000)


def _right_side(observations: Mapping[Observation, int], threshold: float) -> int:
    return sum(n for each, n in observations.items() if (each.confidence >= threshold) == (each.verdict != "wrong"))


def _precision(kept: Mapping[Observation, int]) -> Share:
    return share_of(sum(times for each, times in kept.items() if each.verdict != "wrong"), sum(kept.values()))
