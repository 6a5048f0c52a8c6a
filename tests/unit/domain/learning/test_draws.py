"""The draws of a curve, against a second way to the same posterior: draws of the prior, weighted by what was said."""

import math
import random

import pytest

from autotag.domain.learning.calibration.curves import basis_from, share
from autotag.domain.learning.calibration.draws import Used, draw
from autotag.domain.learning.calibration.extremes import Verdicts
from autotag.domain.learning.calibration.fitting import People, design, fit
from autotag.domain.learning.calibration.pooling import pool
from autotag.domain.learning.label_evidence import Point

STEPS = [40, 60, 80, 95]
ALL_RIGHT = [Point(step, False, 5.0, 5.0) for step in (75, 80, 85, 90)]
NEAR = [0.03, 0.03, 0.01, 0.01]
"""How near 300 draws come: the curve is known least below the confidences that people spoke about."""
TRIED = 20_000


def test_the_draws_are_of_the_posterior_also_where_all_that_people_said_is_alike() -> None:
    basis, people = basis_from(0.3), People(slip=0.005, removal=1.0)
    prior = pool([], people, 1).prior
    posterior = fit(design(ALL_RIGHT, basis), people, prior, prior.mean)
    none = [0] * len(STEPS)

    drawn = draw([(posterior, 1.0)], basis, ALL_RIGHT, Used(STEPS, none, none, none, none, none, none))

    dice = random.Random(1)
    spreads = [math.sqrt(1.5), math.sqrt(0.6)] + [0.5 / wave for wave in range(1, 6)]
    sums, total = [0.0] * len(STEPS), 0.0
    for _ in range(TRIED):
        parameters = [dice.gauss(mean, spread) for mean, spread in zip(prior.mean, spreads, strict=True)]
        looks_right = (0.005 + 0.99 * share(math.sumprod(basis.rows[point.step], parameters)) for point in ALL_RIGHT)
        weight = math.prod(p**5 for p in looks_right)
        total += weight
        for i, step in enumerate(STEPS):
            sums[i] += weight * share(math.sumprod(basis.rows[step], parameters))
    for found, wanted, near in zip(drawn.expected, (each / total for each in sums), NEAR, strict=True):
        assert abs(found - wanted) < near


@pytest.mark.parametrize(
    ("right", "all_may_be", "none_may_be"),
    [(30.0, True, False), (29.0, True, False), (22.0, False, False), (1.0, False, True), (0.0, False, True)],
)
def test_all_may_be_right_unless_more_verdicts_speak_against_it_than_slips_explain(
    right: float, all_may_be: bool, none_may_be: bool
) -> None:
    said = Verdicts([Point(80, False, 30.0, right), Point(20, False, 50.0, 25.0)], [(0.03, 0.5), (0.06, 0.5)])

    assert said.may_all_be(70, 100, right=True) is all_may_be
    assert said.may_all_be(70, 100, right=False) is none_may_be
    assert not said.may_all_be(0, 100, right=True) and not said.may_all_be(40, 60, right=True)


def test_of_very_many_verdicts_a_few_slips_rule_nothing_out_and_many_wrong_ones_do() -> None:
    def all_may_be(wrong: float) -> bool:
        return Verdicts([Point(80, False, 6000.0, 6000.0 - wrong)], [(0.03, 1.0)]).may_all_be(0, 100, right=True)

    assert all_may_be(0) and all_may_be(180) and not all_may_be(240)
