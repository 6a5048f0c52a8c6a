"""Draws from the posterior of a label's curve, over the confidences of the library; the same on every run."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from autotag.domain.learning.calibration.curves import SIZE, Basis, shares
from autotag.domain.learning.calibration.fitting import Fit
from autotag.domain.learning.calibration.matrices import transposed_solve
from autotag.domain.learning.label_evidence import LabelEvidence, Point

DRAWS = 300
_TRIED = 3
"""Candidates for each draw."""
_WIDER = 1.3
"""How much wider than the normal distribution the candidates are, since the posterior has longer tails on one side."""
NOISE = 4096
"""Standard normal numbers that draws share; each begins at another one."""
_SEED = 20261129
_BLOCK = 10
_APART = 0.7
"""Log-odds by which the truth may be apart from the form of the curves where nobody spoke: for intervals only."""


class Used(NamedTuple):
    """The steps at which the library has assets: how many are ``below`` their own present bar, and ``kept``.

    ``open_*`` are those on which no person has decided. Of all assets of a step, ``edited`` were edited by a person,
    who said that ``added`` of them are right: what is known of them is known for sure, and a curve is of the others.
    """

    steps: list[int]
    below: list[int]
    kept: list[int]
    open_below: list[int]
    open_kept: list[int]
    edited: list[int]
    added: list[int]

    @property
    def counts(self) -> list[int]:
        """All assets of each step."""
        return [below + kept for below, kept in zip(self.below, self.kept, strict=True)]


def used_steps(label: LabelEvidence, *, apart: bool) -> Used:
    """Return the steps that hold assets, in ascending order. ``apart``: edited assets are apart from the curve.

    They are where a label is asked about at random: nobody is asked about what a person has edited. People remove
    wrong tags, so among those that are left above the bar, more are right than in the library.
    """
    library = label.library
    below, kept = library.all_below, library.all_kept
    steps = [step for step in range(len(below)) if below[step] or kept[step]]
    edited = [min(label.edits.get(step, 0), below[step] + kept[step]) if apart else 0 for step in steps]
    return Used(
        steps=steps,
        below=[below[step] for step in steps],
        kept=[kept[step] for step in steps],
        open_below=[library.open_below[step] for step in steps],
        open_kept=[library.open_kept[step] for step in steps],
        edited=edited,
        added=[min(label.added.get(step, 0), count) for step, count in zip(steps, edited, strict=True)],
    )


class Drawn(NamedTuple):
    """Draws for one case: the log-odds of being right at each used step.

    ``expected`` are the shares of right labels, on average over the draws. ``apart`` is by how much (sd, log-odds) the
    truth may be apart from the form of the curves, by block of steps: less where more people spoke.
    """

    log_odds: list[list[float]]
    curves: list[list[float]]
    expected: list[float]
    apart: dict[int, float]


def draw(case: Sequence[tuple[Fit, float]], basis: Basis, points: Sequence[Point], used: Used) -> Drawn:
    """Return the draws of a case: each of its posteriors has as many as its weight says."""
    rows = [basis.rows[step] for step in used.steps]
    normals, done, total = _standard_normals(), 0, 0.0
    lines: list[list[float]] = []
    for posterior, weight in case:
        total += weight
        upto = round(DRAWS * total)
        tried = normals[_TRIED * done : _TRIED * upto]
        for parameters in _parameters(posterior, tried, upto - done):
            lines.append([math.sumprod(row, parameters) for row in rows])
        done = upto
    curves = [shares(line) for line in lines]
    expected = [sum(column) / len(curves) for column in zip(*curves, strict=True)]
    return Drawn(lines, curves, expected, _apart(expected, points, used))


def _parameters(posterior: Fit, normals: Sequence[Sequence[float]], number: int) -> list[list[float]]:
    """Return ``number`` draws from a posterior, made of its normal approximation by importance resampling.

    The posterior is lopsided where all that people said is alike: the label may be right still more often than it
    seems, but not much less often.
    """
    tried, weights = [], []
    for each in normals:
        moved = transposed_solve(posterior.factor, each)
        parameters = [a + _WIDER * b for a, b in zip(posterior.mode, moved, strict=True)]
        tried.append(parameters)
        weights.append(posterior.log_density(parameters) + math.sumprod(each, each) / 2)
    top = max(weights, default=0.0)
    upto = list(accumulate(math.exp(each - top) for each in weights))
    return [tried[bisect_left(upto, (i + 0.5) / number * upto[-1])] for i in range(number)]


def _apart(expected: Sequence[float], points: Sequence[Point], used: Used) -> dict[int, float]:
    at = dict(zip(used.steps, expected, strict=True))
    known = dict.fromkeys((block_of(step) for step in used.steps), 0.0)
    for point in points:
        p, block = at.get(point.step, 0.5), block_of(point.step)
        if block in known:
            known[block] += point.weight * p * (1 - p)
    return {block: _APART / math.sqrt(1 + information * _APART**2) for block, information in known.items()}


def block_of(step: int) -> int:
    """Return the block in which a curve may be apart from its form together: a tenth of the confidences."""
    return step // _BLOCK


@cache
def _standard_normals() -> list[list[float]]:
    """Return vectors of standard normal numbers, each with its opposite, so that their mean is exact."""
    dice = Random(_SEED)  # noqa: S311 - not for secrets: the same on every run
    half = [[dice.gauss(0, 1) for _ in range(SIZE)] for _ in range(_TRIED * DRAWS // 2)]
    pairs = [pair for each in half for pair in (each, [-a for a in each])]
    dice.shuffle(pairs)
    return pairs


@cache
def noise(number: int) -> list[float]:
    """Return as many standard normal numbers, the same for each draw that asks for them in the same order."""
    dice = Random(_SEED + 1)  # noqa: S311 - not for secrets: the same on every run
    return [dice.gauss(0, 1) for _ in range(number)]


def spreads(expected: Sequence[float], counts: Sequence[float]) -> list[float]:
    """Return the standard deviation of how many of ``counts`` assets are right, if each is so by chance."""
    return [math.sqrt(p * (1 - p) * n) for p, n in zip(expected, counts, strict=True)]


def realized(
    curve: Sequence[float], counts: Sequence[int], spread: Sequence[float], chances: Sequence[float]
) -> list[float]:
    """Return how many of ``counts`` assets are right: of a few, not exactly the expected share is.

    ``chances`` are standard normal numbers.
    """
    return [p * n + s * z for p, n, s, z in zip(curve, counts, spread, chances, strict=True)]
