"""The posterior of one label's curve, with a normal distribution around its most likely parameters (Laplace)."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from autotag.domain.learning.calibration.curves import SIZE, Basis, share, shares
from autotag.domain.learning.calibration.matrices import Triangle, cholesky, log_determinant, place, quadratic, solve
from autotag.domain.learning.label_evidence import Point

_ITERATIONS = 12
_ENOUGH = 1e-4
"""Nats by which a further iteration must improve the fit."""


class People(NamedTuple):
    """How people err. ``slip``: how often a verdict says the contrary; ``removal``: how often a wrong tag is removed.

    ``removal`` is among the wrong tags of an asset that a person looks at and changes.
    """

    slip: float
    removal: float

    def looks_right(self, *, passive: bool) -> tuple[float, float]:
        """Return how often a wrong label looks right, and how much more often a right one does."""
        if not passive:
            return self.slip, 1 - 2 * self.slip
        return 1 - self.removal, max(0.0, self.removal - self.slip)


class Prior(NamedTuple):
    """What is expected of a curve before its label's verdicts: a normal distribution, with its ``precision``."""

    mean: tuple[float, ...]
    precision: Triangle
    log_determinant: float


class Design(NamedTuple):
    """The verdicts on one label, laid out for fits: a row of the basis for each point, and the basis by columns."""

    points: Sequence[Point]
    rows: list[Sequence[float]]
    columns: list[Sequence[float]]
    squares: list[Sequence[float]]


class Fit(NamedTuple):
    """A posterior: its ``mode``, the Cholesky factor of its precision there, and the logarithm of the evidence for it.

    It is a normal distribution only nearly: ``log_density`` is exact.
    """

    mode: list[float]
    factor: Triangle
    log_evidence: float
    label: Design
    chances: Sequence[tuple[float, float]]
    prior: Prior

    def log_density(self, parameters: Sequence[float]) -> float:
        """Return the logarithm of the posterior's density at some parameters, up to a constant."""
        return _log_density(self.label, self.chances, self.prior, parameters)


class _Look(NamedTuple):
    """The logarithm of the posterior at some parameters, its gradient, and its expected curvature."""

    value: float
    gradient: list[float]
    curvature: Triangle


def design(points: Sequence[Point], basis: Basis) -> Design:
    """Return the layout for the verdicts of a label."""
    rows: list[Sequence[float]] = [basis.rows[point.step] for point in points]
    columns: list[Sequence[float]] = [[row[i] for row in rows] for i in range(SIZE)]
    squares: list[Sequence[float]] = [
        [a * b for a, b in zip(columns[i], columns[j], strict=True)] for i in range(SIZE) for j in range(i + 1)
    ]
    return Design(points, rows, columns, squares)


def fit(label: Design, people: People, prior: Prior, start: Sequence[float]) -> Fit:
    """Return the posterior. ``start``: parameters to begin with."""
    chances = [people.looks_right(passive=point.passive) for point in label.points]
    mode = list(start)
    here = _look(label, chances, prior, mode)
    for _ in range(_ITERATIONS):
        step = solve(cholesky(here.curvature), here.gradient)
        for _ in range(8):
            tried = [a + b for a, b in zip(mode, step, strict=True)]
            there = _look(label, chances, prior, tried)
            if there.value >= here.value - 1e-9:
                break
            step = [each / 2 for each in step]
        else:
            break
        gained, mode, here = there.value - here.value, tried, there
        if gained < _ENOUGH:
            break
    factor = cholesky(here.curvature)
    log_evidence = here.value + (prior.log_determinant - log_determinant(factor)) / 2
    return Fit(mode, factor, log_evidence, label, chances, prior)


def _log_density(
    label: Design, chances: Sequence[tuple[float, float]], prior: Prior, parameters: Sequence[float]
) -> float:
    log, value = math.log, 0.0
    lines = shares([math.sumprod(row, parameters) for row in label.rows])
    for p, (_, _, weight, right), (wrong_looks, more) in zip(lines, label.points, chances, strict=True):
        q = min(max(wrong_looks + more * p, 1e-9), 1 - 1e-9)
        value += right * log(q) + (weight - right) * log(1 - q)
    apart = [a - b for a, b in zip(parameters, prior.mean, strict=True)]
    return value - quadratic(prior.precision, apart) / 2


def _look(label: Design, chances: Sequence[tuple[float, float]], prior: Prior, mode: Sequence[float]) -> _Look:
    value, pulls, bends = 0.0, [], []
    for row, (_, _, weight, right), (wrong_looks, more) in zip(label.rows, label.points, chances, strict=True):
        p = share(math.sumprod(row, mode))
        q = min(max(wrong_looks + more * p, 1e-9), 1 - 1e-9)
        value += right * math.log(q) + (weight - right) * math.log(1 - q)
        slope, spread = more * p * (1 - p), q * (1 - q)
        pulls.append((right - weight * q) / spread * slope)
        bends.append(weight * slope * slope / spread)
    apart = [a - b for a, b in zip(mode, prior.mean, strict=True)]
    back = [sum([prior.precision[place(max(i, j), min(i, j))] * apart[j] for j in range(SIZE)]) for i in range(SIZE)]
    return _Look(
        value - math.sumprod(apart, back) / 2,
        [math.sumprod(pulls, column) - b for column, b in zip(label.columns, back, strict=True)],
        [math.sumprod(bends, square) + p for square, p in zip(label.squares, prior.precision, strict=True)],
    )
