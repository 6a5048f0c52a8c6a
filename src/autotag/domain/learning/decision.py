"""The choice of a threshold: where the library's cost is lower, in every case that the evidence does not rule out."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import fsum, sumprod
from typing import NamedTuple

from autotag.domain.learning.calibration.draws import NOISE, Drawn, Used, noise, realized, spreads
from autotag.domain.learning.steps import THRESHOLDS

GAIN = 0.05
"""Share of the present cost that must be saved."""
SURE = 0.9
"""How likely that saving must be."""
SMALLEST_MOVE = 0.01
_TRIES = 5


class Choice(NamedTuple):
    """A threshold by its ``step``. ``sure``: how likely it saves at least ``GAIN``; ``gain``: the expected saving.

    ``step`` is None if no threshold is that good; ``gain`` is then the most that any is expected to save.
    """

    step: int | None
    gain: float
    sure: float


class _Costs(NamedTuple):
    """The costs of each draw of one case: at present, and for each candidate."""

    present: list[float]
    candidates: list[list[float]]


def choose(cases: Sequence[Drawn], used: Used, present: float, lowest: float, wrong_costs: float) -> Choice:
    """Return the threshold with the lowest expected cost among those that are better almost surely.

    The cost is ``wrong_costs`` for each wrong tag and one for each missing tag. ``present`` is the label's threshold,
    from which it moves by at least ``SMALLEST_MOVE``; ``lowest`` is below which people were not asked. The choice is
    one from which no other would be proposed on the same evidence.
    """
    if not used.steps:
        return Choice(None, 0.0, 0.0)
    steps = [step for step in range(used.steps[0], used.steps[-1] + 1) if THRESHOLDS[step] >= lowest]
    if not steps:
        return Choice(None, 0.0, 0.0)
    costs = [_costs(each, used, steps, wrong_costs) for each in cases]
    means = [[fsum(column) for column in zip(*each.candidates, strict=True)] for each in costs]
    present_means = [fsum(each.present) for each in costs]
    gains = [
        min((now - mean[i]) / now if now else 0.0 for mean, now in zip(means, present_means, strict=True))
        for i in range(len(steps))
    ]
    good = [
        i for i, step in enumerate(steps) if gains[i] > 0 and round(abs(THRESHOLDS[step] - present), 9) >= SMALLEST_MOVE
    ]
    good.sort(key=lambda i: -gains[i])
    tries = 0
    for i in good:
        sure = min(_how_sure(each.present, each, i) for each in costs)
        if sure < SURE:
            continue
        if not _can_be_improved(costs, means, i):
            return Choice(steps[i], gains[i], sure)
        tries += 1
        if tries == _TRIES:
            break
    best = max(range(len(steps)), key=lambda i: gains[i])
    return Choice(None, max(0.0, gains[best]), min(_how_sure(each.present, each, best) for each in costs))


def _costs(drawn: Drawn, used: Used, steps: Sequence[int], wrong_costs: float) -> _Costs:
    counts = used.counts
    others = [n - edited for n, edited in zip(counts, used.edited, strict=True)]
    size, spread, chances = len(counts), spreads(drawn.expected, others), noise(NOISE)
    # a right label costs 1 where it is below its bar, a wrong one where it is kept: linear in the right ones
    each_right = [
        (below - wrong_costs * kept) / n for below, kept, n in zip(used.below, used.kept, counts, strict=True)
    ]
    kept_cost = wrong_costs * sum(used.kept)
    places = [bisect_left(used.steps, step) for step in steps]
    all_below = [0, *accumulate(counts)]
    above_cost = [wrong_costs * (all_below[-1] - all_below[place]) for place in places]
    found = _Costs([], [])
    for number, curve in enumerate(drawn.curves):
        start = number * 37 % (NOISE - size)
        right = realized(curve, others, spread, chances[start : start + size])
        right = [a + b for a, b in zip(right, used.added, strict=True)]
        found.present.append(kept_cost + sumprod(each_right, right))
        missing = [0.0, *accumulate(right)]
        all_right = wrong_costs * missing[-1]
        found.candidates.append(
            [(1 + wrong_costs) * missing[p] + cost - all_right for p, cost in zip(places, above_cost, strict=True)]
        )
    return found


def _how_sure(present: Sequence[float], costs: _Costs, candidate: int) -> float:
    better = [line[candidate] <= (1 - GAIN) * now - 1e-9 for line, now in zip(costs.candidates, present, strict=True)]
    return sum(better) / len(better)


def _can_be_improved(costs: Sequence[_Costs], means: Sequence[Sequence[float]], candidate: int) -> bool:
    """Return whether another threshold would be proposed if this one were the present one."""
    now = [[line[candidate] for line in each.candidates] for each in costs]
    return any(
        all(mean[i] < mean[candidate] for mean in means)
        and all(_how_sure(present, each, i) >= SURE for present, each in zip(now, costs, strict=True))
        for i in range(len(means[0]))
    )
