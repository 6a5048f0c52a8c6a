"""Proposals do not make things worse: a small part of ``python -m bench.learning``, with fixed seeds."""

import pytest

from bench.learning.measure import Size, measure
from bench.learning.scenarios import SCENARIOS

SMALL = Size(libraries=1, labels=6, pictures=600)


@pytest.mark.parametrize(("name", "saved"), [("base", 0.05), ("overconfident", 0.0), ("best", 0.0)])
def test_proposals_do_not_raise_the_true_cost(name: str, saved: float) -> None:
    stages = measure(SCENARIOS[name], SMALL, seed=4, number=0, before=False)

    assert [each.worse for each in stages.values()] == [0, 0, 0]
    asked = stages["asked"]
    assert asked.cost_after <= (1 - saved) * asked.cost_before
    assert asked.proposed == 0 or name != "best"
