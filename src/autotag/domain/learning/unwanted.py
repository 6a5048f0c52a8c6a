"""Labels that people do not want at any confidence: ``deny`` fits them better than a high threshold."""

from collections.abc import Sequence
from itertools import accumulate
from math import sqrt

from autotag.domain.learning.label_evidence import LabelEvidence
from autotag.domain.learning.steps import STEPS

_LEAST = 12
"""Removals and rejections without which nothing is said."""
_THIRD = 1 / 3
_Z = 1.959963984540054
"""The quantile of the normal distribution for 95 %."""


def looks_unwanted(evidence: LabelEvidence) -> bool:
    """Return whether people remove or reject the tag however sure the label is.

    Of wrong labels there are fewer among the more confident ones. So the assets that keep the tag are split in halves
    by confidence. If what people say against it does not fall, the upper half has as much of it as the lower. The label
    looks unwanted if the 95 % interval (Wilson) of that share lies above a third, and if people said little for it in
    the upper half: at most half as many answers as against it, and left it at most one and a half times as often as
    they removed it. Every act of a person in a minute counts once a step.
    """
    kept = evidence.library.all_kept
    total = sum(kept)
    if not total:
        return False
    upper = next(step for step, below in enumerate(accumulate(kept)) if 2 * below >= total)
    wrong = [0.0] * (STEPS + 1)
    for _, _, step in evidence.removals:
        wrong[step] += 1
    removed, left, accepted, rejected = sum(wrong[upper:]), 0.0, 0.0, 0.0
    for point in evidence.points():
        if not kept[point.step]:
            continue
        if point.passive:
            left += point.right if point.step >= upper else 0.0
            continue
        wrong[point.step] += point.weight - point.right
        if point.step >= upper:
            accepted += point.right
            rejected += point.weight - point.right
    high, low = _halves(wrong, kept, upper)
    if high + low < _LEAST or _lowest_share(high, high + low) <= _THIRD:
        return False
    return accepted <= rejected / 2 and left <= 1.5 * removed if removed else accepted <= rejected / 2 and not left


def _halves(wrong: Sequence[float], kept: Sequence[int], upper: int) -> tuple[float, float]:
    """Return the removals in the upper and the lower half, as if both had equally many assets."""
    high, low = sum(wrong[upper:]), sum(wrong[:upper])
    assets_high, assets_low = sum(kept[upper:]), sum(kept[:upper])
    if not assets_low or not assets_high:
        return float(high + low), 0.0
    whole = high + low
    rate_high, rate_low = high / assets_high, low / assets_low
    if not whole:
        return 0.0, 0.0
    return whole * rate_high / (rate_high + rate_low), whole * rate_low / (rate_high + rate_low)


def _lowest_share(part: float, whole: float) -> float:
    p, z2 = part / whole, _Z * _Z
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    return middle - _Z / (1 + z2 / whole) * sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
