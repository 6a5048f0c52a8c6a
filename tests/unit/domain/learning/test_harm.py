"""Proposals do not make things worse: a small part of ``python -m bench.learning``, with fixed seeds."""

import pytest

from bench.learning.measure import Size, measure
from bench.learning.scenarios import SCENARIOS

SMALL = Size(libraries=1, labels=8, pictures=1200)


@pytest.mark.parametrize("name", ["base", "overconfident", "best", "review bar 0.50"])
def test_proposals_do_not_raise_the_true_cost(name: str) -> None:
    stages = measure(SCENARIOS[name], SMALL, seed=1, before=False)

    for tally in stages.values():
        assert tally.worse <= tally.proposed / 20
        assert tally.cost_after <= tally.cost_before
    if name == "best":
        assert stages["asked"].proposed == 0
    else:
        assert stages["asked"].cost_after < 0.95 * stages["asked"].cost_before
