"""Whether all tags of some confidences may be right, or none: a curve never says so, since it has no such end."""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

from autotag.domain.learning.label_evidence import Point

_LEAST = 8
"""Verdicts from which they can say it: fewer would not contradict much."""
_TAIL = 0.025
"""How likely so many contrary verdicts must be by slips alone: the part of an interval beyond one bound."""
_MANY = 500
"""Verdicts from which a normal distribution stands for the binomial one."""


class Verdicts(NamedTuple):
    """The verdicts on one label, and how often they may be slips: rates with their weights, which sum to one."""

    points: Sequence[Point]
    slips: Sequence[tuple[float, float]]

    def may_all_be(self, first: int, last: int, *, right: bool) -> bool:
        """Return whether slips alone explain all contrary verdicts at the steps from ``first`` to ``last``."""
        some = [point for point in self.points if first <= point.step <= last]
        count = round(sum(point.weight for point in some))
        said_right = round(sum(point.right for point in some))
        contrary = count - said_right if right else said_right
        if count < _LEAST:
            return False
        return sum(weight * _at_least(contrary, count, slip) for slip, weight in self.slips) >= _TAIL


def _at_least(least: int, count: int, rate: float) -> float:
    """Return how likely ``least`` or more of ``count`` are slips."""
    if not least:
        return 1.0
    if count > _MANY:
        return 1 - NormalDist(count * rate, math.sqrt(count * rate * (1 - rate))).cdf(least - 0.5)
    return sum(math.comb(count, n) * rate**n * (1 - rate) ** (count - n) for n in range(least, count + 1))
