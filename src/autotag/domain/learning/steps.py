"""Steps of confidence: thresholds are multiples of 0.01, and the library is counted between them, exactly."""

from bisect import bisect_right

STEPS = 100
"""Steps from 0 to 1. So the counts of a library take the same memory however large it is."""

THRESHOLDS: tuple[float, ...] = tuple(round(step / STEPS, 2) for step in range(STEPS + 1))
"""The confidence at which each step begins."""

MIDDLES: tuple[float, ...] = tuple(min((step + 0.5) / STEPS, 1.0) for step in range(STEPS + 1))
"""The confidence that stands for a step in a curve."""


def step_of(confidence: float) -> int:
    """Return the step that holds ``confidence``: it reaches the threshold of this step, and not that of the next."""
    return bisect_right(THRESHOLDS, confidence) - 1
