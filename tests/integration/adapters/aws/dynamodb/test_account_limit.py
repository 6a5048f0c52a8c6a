"""The account's Admin limit, which one process reads from a response, and the others from the table."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, cast

import pytest

from autotag.adapters.aws.dynamodb.api_limits import AdminBudget
from autotag.domain.errors import BudgetExhausted
from autotag.domain.model.health import RateLimit
from tests.integration.adapters.aws.dynamodb.budget_processes import HOUR, NOW, T0, Workers, used
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import Wrapped, recorded_calls


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


class Waits(Wrapped):
    """A DynamoDB client whose reservations are sent once ``go`` is set."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self.reached, self.go = Event(), Event()

    def update_item(self, **request: Any) -> Any:
        if "ConditionExpression" in request:
            self.reached.set()
            assert self.go.wait(10)
        return self._client.update_item(**request)


class SeenMeanwhile:
    """The headers of a larger plan; while they are noted, a call is refused that began under the smaller one."""

    limit, remaining = 5000, 4400

    def __init__(self, refused: Callable[[], None]) -> None:
        self._refused = refused

    @property
    def reset_at(self) -> int:
        self._refused()
        return T0 + HOUR


def test_a_call_that_another_thread_is_refused_meanwhile_does_not_close_the_hour(workers: Workers) -> None:
    used(workers.budget())
    client = Waits(workers.client)
    budget = AdminBudget(client, workers.table, 20)
    budget.observe(RateLimit(10, 3, T0 + HOUR))
    with ThreadPoolExecutor(1) as other:
        call = other.submit(budget.reserve, NOW)
        assert client.reached.wait(10)

        def refused() -> None:
            client.go.set()
            with pytest.raises(BudgetExhausted):
                call.result(10)

        budget.observe(cast(RateLimit, SeenMeanwhile(refused)))
    workers.budget(limit=None).reserve(NOW)
