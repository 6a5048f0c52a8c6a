"""What labels have in common (empirical Bayes): the prior of their curves, learned from all of them at once.

Height and slope have a mean and a covariance over labels, the waves a size. A few rounds of expectation maximization
find them. Weak expectations of their own keep them sane where there are few labels: a tagger whose confidence is the
probability, give or take a factor.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from autotag.domain.learning.calibration.curves import SIZE, WAVES
from autotag.domain.learning.calibration.fitting import Design, Fit, People, Prior, fit
from autotag.domain.learning.calibration.matrices import Triangle, cholesky, inverse, log_determinant, place, solve

_EXPECTED = (0.0, 1.0)
"""Height and slope where the confidence is the probability."""
_MEAN_VARIANCE = (1.0, 1.0)
_VARIANCE = (1.0, 0.6)
"""Expected variance of height and slope over labels, as good as ``_LABELS`` labels."""
_LABELS = 5
_WAVE = 0.5
"""Expected size of the waves in log-odds, as good as ``_WAVES`` of them."""
_WAVES = 10


class Pooled(NamedTuple):
    """The prior of all labels, and the logarithm of the evidence for it in the labels that it is from."""

    prior: Prior
    log_evidence: float


class _Common(NamedTuple):
    mean: tuple[float, float]
    variance: Triangle
    wave: float


_START = _Common(_EXPECTED, [1.5, 0.0, 0.6], _WAVE)


def pool(labels: Sequence[Design], people: People, rounds: int) -> Pooled:
    """Return the prior that the labels have in common if ``people`` err in that way."""
    common = _START
    modes: list[Sequence[float]] = [(*_EXPECTED, *(0.0 for _ in range(WAVES)))] * len(labels)
    for remaining in range(rounds - 1, -1, -1):
        prior = _prior(common)
        fits = [fit(label, people, prior, mode) for label, mode in zip(labels, modes, strict=True)]
        modes = [each.mode for each in fits]
        if remaining and fits:
            common = _next(common, fits)
    return Pooled(prior, sum(each.log_evidence for each in fits))


def _prior(common: _Common) -> Prior:
    top = inverse(common.variance)
    precision = [0.0] * place(SIZE, 0)
    precision[:3] = top
    for wave in range(1, WAVES + 1):
        precision[place(1 + wave, 1 + wave)] = wave * wave / common.wave**2
    mean = (*common.mean, *(0.0 for _ in range(WAVES)))
    return Prior(mean, precision, log_determinant(cholesky(precision)))


def _next(common: _Common, fits: Sequence[Fit]) -> _Common:
    count, top = len(fits), inverse(common.variance)
    sums = [sum(each.mode[i] for each in fits) for i in (0, 1)]
    precision = [count * top[0] + 1 / _MEAN_VARIANCE[0], count * top[1], count * top[2] + 1 / _MEAN_VARIANCE[1]]
    right = [
        top[0] * sums[0] + top[1] * sums[1] + _EXPECTED[0] / _MEAN_VARIANCE[0],
        top[1] * sums[0] + top[2] * sums[1] + _EXPECTED[1] / _MEAN_VARIANCE[1],
    ]
    mean = solve(cholesky(precision), right)
    scatter, waves = [_LABELS * _VARIANCE[0], 0.0, _LABELS * _VARIANCE[1]], _WAVES * _WAVE**2
    for each in fits:
        spread = _covariance(each.factor)
        a, b = each.mode[0] - mean[0], each.mode[1] - mean[1]
        scatter = [
            scatter[0] + a * a + spread[place(0, 0)],
            scatter[1] + a * b + spread[place(1, 0)],
            scatter[2] + b * b + spread[place(1, 1)],
        ]
        for wave in range(1, WAVES + 1):
            waves += wave * wave * (each.mode[1 + wave] ** 2 + spread[place(1 + wave, 1 + wave)])
    wave_size = math.sqrt(waves / (_WAVES + count * WAVES))
    return _Common((mean[0], mean[1]), [each / (_LABELS + count) for each in scatter], wave_size)


def _covariance(factor: Triangle) -> Triangle:
    columns = [solve(factor, [float(i == column) for i in range(SIZE)]) for column in range(SIZE)]
    return [columns[j][i] for i in range(SIZE) for j in range(i + 1)]
