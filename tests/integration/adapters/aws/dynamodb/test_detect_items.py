"""The day's budget of calls and the label model, as all workers share them."""

from collections.abc import Callable
from typing import Any

import pytest

from autotag.adapters.aws.dynamodb.detect_items import DynamoDetectBudget, DynamoLabelModels
from autotag.domain.errors import BudgetExhausted
from autotag.domain.model.health import DetectUsage
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import LosesAnswers, Wrapped

NOON = 1_791_460_800_000
DAY = 86_400_000


def budget(aws: Aws, cap: int) -> DynamoDetectBudget:
    return DynamoDetectBudget(aws.clients.dynamodb, "StateTable", cap)


@pytest.fixture(autouse=True)
def table(aws: Aws) -> None:
    aws.table("StateTable")


def test_all_workers_count_in_the_same_day_up_to_the_cap(aws: Aws) -> None:
    one, two = budget(aws, 2), budget(aws, 2)
    one.reserve(NOON)
    two.reserve(NOON)
    for each in (one, two):
        with pytest.raises(BudgetExhausted) as refused:
            each.reserve(NOON)
        assert refused.value.delay == DAY / 2000
    one.reserve(NOON + DAY)
    assert (one.usage(NOON).used, one.usage(NOON + DAY).used) == (2, 1)


def test_a_call_that_was_not_made_is_given_back(aws: Aws) -> None:
    found = budget(aws, 1)
    found.reserve(NOON)
    found.release(NOON)
    found.reserve(NOON)
    assert found.usage(NOON) == DetectUsage(1, 1)


def test_a_cap_of_zero_makes_no_call(aws: Aws) -> None:
    with pytest.raises(BudgetExhausted):
        budget(aws, 0).reserve(NOON)


def test_another_label_model_is_told_once_with_the_one_before(aws: Aws) -> None:
    one, two = (DynamoLabelModels(aws.clients.dynamodb, "StateTable") for _ in range(2))
    assert [one.seen("3.0", 1), one.seen("3.0", 2), two.seen("3.0", 3)] == ["", "", ""]
    assert [one.seen("3.1", 4), two.seen("3.1", 5), one.seen("3.1", 6)] == ["3.0", "", ""]
    assert budget(aws, 5).usage(NOON) == DetectUsage(0, 5, "3.1", "3.0", 4)


class Overtaken(Wrapped):
    """A DynamoDB client; another thread is quicker between its read and its write."""

    def __init__(self, client: Any, quicker: Callable[[], object]) -> None:
        super().__init__(client)
        self._quicker = quicker

    def put_item(self, **request: Any) -> Any:
        quicker, self._quicker = self._quicker, lambda: None
        quicker()
        return self._client.put_item(**request)


@pytest.mark.parametrize("earlier", ["", "3.0"])
def test_threads_that_meet_another_label_model_together_tell_it_once(aws: Aws, earlier: str) -> None:
    client = aws.clients.dynamodb
    if earlier:
        DynamoLabelModels(client, "StateTable").seen(earlier, 1)
    told = []
    quicker = DynamoLabelModels(client, "StateTable")
    overtaken = DynamoLabelModels(Overtaken(client, lambda: told.append(quicker.seen("3.1", 2))), "StateTable")
    told.append(overtaken.seen("3.1", 3))
    assert told == [earlier, ""] and budget(aws, 1).usage(NOON).since == 2


def test_of_two_label_models_that_are_met_together_both_are_told(aws: Aws) -> None:
    client = aws.clients.dynamodb
    one = DynamoLabelModels(client, "StateTable")
    one.seen("3.0", 1)
    told = []
    overtaken = DynamoLabelModels(Overtaken(client, lambda: told.append(one.seen("3.1", 2))), "StateTable")
    told.append(overtaken.seen("3.2", 3))
    assert told == ["3.0", "3.1"] and budget(aws, 1).usage(NOON) == DetectUsage(0, 1, "3.2", "3.1", 3)


def test_a_label_model_is_told_though_the_answer_to_its_write_was_lost(aws: Aws) -> None:
    DynamoLabelModels(aws.clients.dynamodb, "StateTable").seen("3.0", 1)
    models = DynamoLabelModels(LosesAnswers(aws.clients.dynamodb), "StateTable")
    assert [models.seen("3.1", 2), models.seen("3.1", 3)] == ["3.0", ""]
