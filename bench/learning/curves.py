"""Invented truths: how often a label is right at each confidence.

- ``logistic``: the log-odds of the confidence, shifted by N(0, 1) and stretched by exp N(0, 0.4).
- ``overconfident``, ``underconfident``: the same, shifted by N(-1.6, 0.6) or N(1.5, 0.6), stretched by exp N(0, 0.3).
- ``calibrated``: the confidence itself.
- ``power``: a power of the confidence, with the exponent log-uniform from 0.3 to 5.
- ``plateau``: rising to a level of 0.15 to 0.85, flat over at least a fifth of the confidences, then rising again.
- ``step``: a jump between 0.4 and 0.92, of a width of 0.005 to 0.05.
- ``clusters``: pictures of two kinds: of 20 to 70 % the confidence says nothing, of the others it is logistic.
- ``linear``: straight, of a slope of 1 to 6, between 0.02 and 0.98.
- ``mixed``: one of logistic (twice as likely), power, step and clusters.
- ``unwanted``: right in one picture of twenty, whatever the confidence.
"""

import math
import random
from collections.abc import Callable

Curve = Callable[[float], float]


def share(log_odds: float) -> float:
    """Return the probability with these log-odds."""
    return 1 / (1 + math.exp(-min(max(log_odds, -40.0), 40.0)))


def log_odds(probability: float) -> float:
    """Return the log-odds of a probability, which is kept away from 0 and 1."""
    inside = min(max(probability, 0.005), 0.995)
    return math.log(inside / (1 - inside))


def make_curve(family: str, dice: random.Random) -> Curve:
    """Return a truth of this family. Raises ``KeyError`` if there is none."""
    if family == "mixed":
        family = dice.choice(("logistic", "logistic", "power", "step", "clusters"))
    return _FAMILIES[family](dice)


def _stretched(shift: float, shift_spread: float, stretch_spread: float) -> Callable[[random.Random], Curve]:
    def make(dice: random.Random) -> Curve:
        moved, stretch = dice.gauss(shift, shift_spread), math.exp(dice.gauss(0, stretch_spread))
        return lambda confidence: share(moved + stretch * log_odds(confidence))

    return make


def _power(dice: random.Random) -> Curve:
    exponent = math.exp(dice.uniform(math.log(0.3), math.log(5)))
    return lambda confidence: confidence**exponent


def _plateau(dice: random.Random) -> Curve:
    low, high = sorted(dice.uniform(0.3, 0.95) for _ in range(2))
    high = max(high, min(0.97, low + 0.2))
    level = dice.uniform(0.15, 0.85)
    first, last = dice.uniform(0.02, 0.8 * level), dice.uniform(level + 0.3 * (1 - level), 0.99)

    def curve(confidence: float) -> float:
        if confidence < low:
            return first + (level - first) * max(0.0, (confidence - 0.2) / (low - 0.2)) ** 3
        if confidence < high:
            return level
        return level + (last - level) * math.sqrt((confidence - high) / (1 - high))

    return curve


def _step(dice: random.Random) -> Curve:
    place, width = dice.uniform(0.4, 0.92), dice.uniform(0.005, 0.05)
    low, high = dice.uniform(0.02, 0.45), dice.uniform(0.6, 0.98)
    return lambda confidence: low + (high - low) * share((confidence - place) / width)


def _clusters(dice: random.Random) -> Curve:
    part, level = dice.uniform(0.2, 0.7), dice.uniform(0.05, 0.9)
    shift, stretch = dice.gauss(0, 1), math.exp(dice.gauss(0.5, 0.3))
    return lambda confidence: part * level + (1 - part) * share(shift + stretch * log_odds(confidence))


def _linear(dice: random.Random) -> Curve:
    middle, slope = dice.uniform(0.4, 0.9), dice.uniform(1, 6)
    return lambda confidence: min(max(0.5 + slope * (confidence - middle), 0.02), 0.98)


_FAMILIES: dict[str, Callable[[random.Random], Curve]] = {
    "logistic": _stretched(0, 1, 0.4),
    "overconfident": _stretched(-1.6, 0.6, 0.3),
    "underconfident": _stretched(1.5, 0.6, 0.3),
    "calibrated": lambda dice: lambda confidence: confidence,
    "power": _power,
    "plateau": _plateau,
    "step": _step,
    "clusters": _clusters,
    "linear": _linear,
    "unwanted": lambda dice: lambda confidence: 0.05,
}
