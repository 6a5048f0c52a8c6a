"""What a threshold would mean for the library: tags that come and go, and how many of them are right."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from autotag.domain.learning.calibration.curves import shares
from autotag.domain.learning.calibration.draws import NOISE, Drawn, Used, block_of, noise, spreads
from autotag.domain.learning.calibration.extremes import Verdicts
from autotag.domain.learning.label_evidence import LibraryCounts
from autotag.domain.learning.steps import STEPS

_EACH = 2
"""Every second draw is enough for the bounds of an interval."""


class Interval(NamedTuple):
    """An expected value, with the bounds of its 95 % interval: over all cases that the evidence does not rule out."""

    expected: float
    low: float
    high: float


class Moved(NamedTuple):
    """Tags that come or go in the whole library, and how many of them are expected to be right."""

    tags: int
    right: Interval


class Outcome(NamedTuple):
    """What a threshold does. The precisions are the shares of right tags at the present bars and at the threshold.

    A precision is None where no asset is kept.
    """

    come: Moved
    go: Moved
    precision_old: Interval | None
    precision_new: Interval | None


def come_and_go(library: LibraryCounts, step: int) -> tuple[int, int]:
    """Return how many tags would come and go on the assets of today, as ``autotag rules diff`` counts them."""
    come = sum(library.open_below[each] for each in range(step, STEPS + 1))
    return come, sum(library.open_kept[each] for each in range(step))


def outcome_of(cases: Sequence[Drawn], used: Used, said: Verdicts, step: int) -> Outcome:
    """Return what the threshold of ``step`` would do; with the step of no asset, what the present bars do."""
    reach = [each >= step for each in used.steps]
    come = [n if up else 0 for n, up in zip(used.open_below, reach, strict=True)]
    go = [0 if up else n for n, up in zip(used.open_kept, reach, strict=True)]
    new = [n if up else 0 for n, up in zip(used.counts, reach, strict=True)]
    return Outcome(
        Moved(sum(come), _widened(_right(cases, used, come), used, said, come, sum(come))),
        Moved(sum(go), _widened(_right(cases, used, go), used, said, go, sum(go))),
        _precision(cases, used, said, used.kept),
        _precision(cases, used, said, new),
    )


def precision_now(cases: Sequence[Drawn], used: Used, said: Verdicts) -> Interval | None:
    """Return the share of right tags at the present bars, None where no asset is kept."""
    return _precision(cases, used, said, used.kept)


def _widened(found: Interval, used: Used, said: Verdicts, counts: Sequence[int], most: float) -> Interval:
    """Return an interval that reaches 0 or ``most`` if what people said does not rule out that none is right, or all.

    Then what people removed may be slips as well.
    """
    steps = [step for step, count in zip(used.steps, counts, strict=True) if count]
    if not steps:
        return found
    low = 0.0 if said.may_all_be(steps[0], steps[-1], right=False) else found.low
    high = most if said.may_all_be(steps[0], steps[-1], right=True) else found.high
    return Interval(found.expected, low, high)


def _precision(cases: Sequence[Drawn], used: Used, said: Verdicts, counts: Sequence[int]) -> Interval | None:
    """Return the share of right labels among ``counts`` assets of each step, of which a part was edited by people."""
    total = sum(counts)
    if not total:
        return None
    parts = [n / whole for n, whole in zip(counts, used.counts, strict=True)]
    added = math.sumprod(parts, used.added)
    found = _right(cases, used, [n - part * e for n, part, e in zip(counts, parts, used.edited, strict=True)])
    shares_found = Interval(*(min(max((each + added) / total, 0.0), 1.0) for each in found))
    return _widened(shares_found, used, said, counts, 1.0)


def _right(cases: Sequence[Drawn], used: Used, counts: Sequence[float]) -> Interval:
    """Return how many of ``counts`` assets are right. The interval covers those of all cases.

    In each draw the truth is apart from the curve by a random amount, block by block: a plateau or a step between two
    confidences at which people spoke would not show in it.
    """
    places = [place for place, count in enumerate(counts) if count]
    if not places:
        return Interval(0.0, 0.0, 0.0)
    some = [counts[place] for place in places]
    blocks = [block_of(used.steps[place]) for place in places]
    chances, numbers = noise(NOISE), sorted(set(blocks))
    found = []
    for case in cases:
        expected = [case.expected[place] for place in places]
        spread = math.sqrt(sum(each**2 for each in spreads(expected, some)))
        sums = []
        for number, line in enumerate(case.log_odds[::_EACH]):
            start = number * 41 % (NOISE - len(numbers) - 1)
            moves = {block: chances[start + i] * case.apart[block] for i, block in enumerate(numbers, 1)}
            right = shares([line[place] + moves[block] for place, block in zip(places, blocks, strict=True)])
            sums.append(math.sumprod(right, some) + chances[start] * spread)
        sums.sort()
        found.append((math.sumprod(expected, some), sums[int(0.025 * len(sums))], sums[int(0.975 * len(sums))]))
    middle = sum(each[0] for each in found) / len(found)
    low, high = min(each[1] for each in found), max(each[2] for each in found)
    return Interval(middle, max(0.0, min(middle, low)), min(float(sum(some)), max(middle, high)))
