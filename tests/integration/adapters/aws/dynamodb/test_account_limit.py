"""The account's Admin limit, which one process reads from a response, and the others from the table."""

import pytest

from autotag.domain.errors import BudgetExhausted
from autotag.domain.model.health import RateLimit
from tests.integration.adapters.aws.dynamodb.budget_processes import HOUR, NOW, T0, Workers, used
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls


@pytest.fixture
def workers(aws: Aws) -> Workers:
    return Workers(aws)


def test_a_new_process_learns_the_accounts_limit_from_the_others_before_it_gives_up(workers: Workers) -> None:
    old = workers.budget(limit=2000)
    for _ in range(500):
        old.reserve(NOW)
    new = workers.budget(limit=None)  # it assumes 500 calls
    new.reserve(NOW)
    assert used(new) == 1600 - 501


def test_a_smaller_plan_is_learnt_from_the_others_too(workers: Workers) -> None:
    assert used(workers.budget(limit=1000)) == 800
    workers.budget(limit=100)
    with pytest.raises(BudgetExhausted):
        workers.budget(limit=None).reserve(NOW)


def test_the_limit_is_stored_once_an_hour_by_each_process(workers: Workers) -> None:
    budget = workers.budget(limit=2000)
    with recorded_calls(workers.client, "UpdateItem") as calls:
        for left in range(1999, 1990, -1):
            budget.observe(RateLimit(2000, left, T0 + HOUR))
        assert calls == []
        budget.observe(RateLimit(2000, 1999, T0 + 2 * HOUR))
        assert len(calls) == 1
