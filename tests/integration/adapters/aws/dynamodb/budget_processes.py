"""Processes that share the Admin API's budget in one table."""

from autotag.adapters.aws.dynamodb.api_limits import AdminBudget, DynamoCircuitBreaker
from autotag.domain.errors import BudgetExhausted
from autotag.domain.model.health import RateLimit, Share
from tests.integration.adapters.conftest import Aws

HOUR = 3600
T0 = 1_791_460_800  # on the hour
NOW = (T0 + 600) * 1000


class Workers:
    """Any number of processes on one table."""

    def __init__(self, aws: Aws) -> None:
        self.client, self.table = aws.clients.dynamodb, aws.table("StateTable")

    def budget(self, reserve_percent: int = 20, limit: int | None = 10, hint_percent: int = 25) -> AdminBudget:
        """Return a budget that has seen ``limit`` in an answer's headers, with nothing used yet."""
        budget = AdminBudget(self.client, self.table, reserve_percent, hint_percent)
        if limit is not None:
            budget.observe(RateLimit(limit, limit, T0 + HOUR))
        return budget

    def breaker(self) -> DynamoCircuitBreaker:
        return DynamoCircuitBreaker(self.client, self.table)


def used(budget: AdminBudget, now: int = NOW, *, share: Share = "live") -> int:
    """Return how many calls the budget still grants."""
    for n in range(2000):
        try:
            budget.reserve(now, share=share)
        except BudgetExhausted:
            return n
    raise AssertionError("without end")
