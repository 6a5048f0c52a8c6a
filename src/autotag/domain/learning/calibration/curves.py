"""Calibration curves: how likely a label is right at each confidence.

The log-odds of being right are a straight line in the log-odds of the confidence (two parameters: a tagger that is too
sure, or not sure enough), plus five cosines for what no such line can show: plateaus, steps, two kinds of pictures.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from autotag.domain.learning.steps import MIDDLES

WAVES = 5
"""The cosines of a curve: the longest is a half-wave over all confidences, the shortest is five of them."""

SIZE = 2 + WAVES
"""The parameters of a curve: height, slope, and the cosines."""

Vector = tuple[float, ...]

_EDGE = 0.02
"""Confidences closer to 0 or 1 than this are taken for it, since log-odds have no end there."""


class Basis(NamedTuple):
    """What each parameter adds to a curve, at each step of confidence."""

    rows: tuple[Vector, ...]


def basis_from(lowest: float) -> Basis:
    """Return the basis for a library whose lowest confidence is ``lowest`` (0 to 1): the waves begin there."""
    return Basis(tuple(_row(confidence, min(lowest, 0.9)) for confidence in MIDDLES))


def _row(confidence: float, lowest: float) -> Vector:
    inside = min(max(confidence, _EDGE), 1 - _EDGE)
    position = min(max((confidence - lowest) / (1 - lowest), 0.0), 1.0)
    waves = (math.sqrt(2) * math.cos(math.pi * wave * position) for wave in range(1, WAVES + 1))
    return (1.0, math.log(inside / (1 - inside)), *waves)


_FAR = 500.0
"""Log-odds beyond which a probability is 0 or 1 for all purposes, and its exponential overflows."""


def share(log_odds: float) -> float:
    """Return the probability with these log-odds."""
    return 1.0 / (1.0 + math.exp(min(-log_odds, _FAR)))


def shares(log_odds: Iterable[float]) -> list[float]:
    """Return the probabilities with these log-odds, which are within 500 of 0."""
    exp = math.exp
    return [1.0 / (1.0 + exp(-each)) for each in log_odds]
