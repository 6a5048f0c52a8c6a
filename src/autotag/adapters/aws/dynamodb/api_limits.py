"""What all workers share about calls of Cloudinary: the Admin API's hourly budget and the circuit breaker."""

from typing import TYPE_CHECKING, Any

from autotag.adapters.aws.client import asking
from autotag.domain.errors import BudgetExhausted, CredentialsRefused
from autotag.domain.model.admin_shares import HOUR, limits, wait
from autotag.domain.model.health import HourBudget, Opened, Share

if TYPE_CHECKING:  # a type only: a process that only reads the budget need not load more
    from autotag.domain.model.health import RateLimit
    from autotag.ports.cloudinary import ApiName

_ASSUMED_LIMIT = 500
"""Admin calls an hour of the Free plan, until a response says otherwise."""

_KEPT = 2 * 86400


class AdminBudget:
    """Implements the ``Budget`` port: one item an hour, which every caller counts up before its call.

    ``reserve_percent`` of the limit is left to people and other programs; if they use more, this service stops.
    """

    def __init__(self, client: Any, table: str, reserve_percent: int, hint_percent: int = 25) -> None:
        self._client, self._table, self._reserve = client, table, reserve_percent
        self._hints = hint_percent
        self._limit = _ASSUMED_LIMIT
        self._stored = 0, 0  # the hour for which this process stored the limit, and that limit

    def reserve(self, now: int, *, share: Share = "live") -> None:
        """Take one call out of this hour's budget, or raise ``BudgetExhausted`` with the seconds to wait.

        ``autotag.domain.model.admin_shares`` says how much each share may use. ``hints`` and ``polls`` are also counted
        by themselves, under their names. A new process learns the account's limit from others before it gives up.
        """
        hour = now // 1000 // HOUR * HOUR
        elapsed = now / 1000 - hour
        known = self._limit
        if self._reserved(share, hour, elapsed) or (self._limit != known and self._reserved(share, hour, elapsed)):
            return
        raise BudgetExhausted(f"the Admin API's budget is used up for now (share: {share})", delay=wait(share, elapsed))

    def _reserved(self, share: Share, hour: int, elapsed: float) -> bool:
        """Count a call of this hour up; return False if there is none left, once the stored limit is known."""
        most = limits(share, self._without_reserve(self._limit), elapsed, self._hints)
        values = {":one": 1, ":cap": most.used, ":expires": hour + _KEPT}
        add, condition = "ADD used :one", "attribute_not_exists(closed) AND (attribute_not_exists(used) OR used < :cap)"
        if most.own is not None:
            values[":own"] = most.own
            add = f"{add}, {share} :one"
            condition = f"{condition} AND (attribute_not_exists({share}) OR {share} < :own)"
            if not most.own:
                raise BudgetExhausted(f"{share} have no share of the Admin API's budget", delay=wait(share, elapsed))
        with asking("DynamoDB"):
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=_hour_key(hour),
                    UpdateExpression=f"{add} SET expires_at = :expires",
                    ConditionExpression=condition,
                    ExpressionAttributeValues={name: {"N": str(value)} for name, value in values.items()},
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._client.exceptions.ConditionalCheckFailedException as error:
                item = error.response.get("Item") or {}
                self._limit = int(item.get("account_limit", {}).get("N", self._limit))
                return False
        return True

    def spent(self, now: int) -> HourBudget:
        """Return what all workers have reserved in the hour of ``now`` (ms)."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=_hour_key(now // 1000 // HOUR * HOUR))
        item = answer.get("Item", {})
        used, hints = (int(item.get(name, {}).get("N", 0)) for name in ("used", "hints"))
        return HourBudget(used, closed="closed" in item, hints=hints)

    def observe(self, observed: "RateLimit") -> None:
        """Store the limit in a response's headers; if only the reserve is left, Admin calls stop until its reset."""
        self._limit = observed.limit
        hour = (observed.reset_at - 1) // HOUR * HOUR
        closes = observed.remaining <= observed.limit - self._without_reserve(observed.limit)
        if not closes and self._stored == (hour, observed.limit):
            return
        change = "SET account_limit = :limit, expires_at = :expires"
        values: dict[str, Any] = {
            ":limit": {"N": str(observed.limit)},
            ":expires": {"N": str(observed.reset_at + _KEPT)},
        }
        if closes:
            change = f"{change}, closed = :yes"
            values[":yes"] = {"BOOL": True}
        with asking("DynamoDB"):
            self._client.update_item(
                TableName=self._table,
                Key=_hour_key(hour),
                UpdateExpression=change,
                ExpressionAttributeValues=values,
            )
        self._stored = hour, observed.limit

    def _without_reserve(self, limit: int) -> int:
        return limit * (100 - self._reserve) // 100


class DynamoCircuitBreaker:
    """Implements the ``CircuitBreaker`` port for refused credentials: after five minutes, calls are made again."""

    _OPEN = 300
    _LOOK = 5

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table
        self._until = 0
        self._looked_at = 0

    def check(self, now: int, _api: "ApiName | None" = None) -> None:
        """Raise ``CredentialsRefused`` while the breaker is open; the item is read every few seconds at most."""
        if abs(now - self._looked_at) >= self._LOOK * 1000:
            known = self._until, self._looked_at
            with asking("DynamoDB"):
                answer = self._client.get_item(TableName=self._table, Key=_BREAKER)
            if (self._until, self._looked_at) == known:  # else another thread tripped it meanwhile, or looked
                self._until = int(answer.get("Item", {}).get("until", {}).get("N", 0))
                self._looked_at = now
        wait = (self._until - now) / 1000
        if 0 < wait <= 2 * self._OPEN:  # longer: it was tripped by a clock that has been set back since
            raise CredentialsRefused("Cloudinary refuses the credentials; calls are stopped", delay=wait)

    def opened(self, now: int) -> Opened | None:
        """Return until when the breaker is open at ``now`` (ms), and why, or None while it is closed."""
        with asking("DynamoDB"):
            item = self._client.get_item(TableName=self._table, Key=_BREAKER).get("Item", {})
        until = int(item.get("until", {}).get("N", 0))
        return Opened(until, item["reason"]["S"]) if 0 < until - now <= 2 * self._OPEN * 1000 else None

    def trip(self, now: int, reason: str) -> None:
        """Open the breaker for five minutes; ``reason`` is stored for operators."""
        until = self._until = now + self._OPEN * 1000
        with asking("DynamoDB"):
            self._client.put_item(
                TableName=self._table,
                Item={**_BREAKER, "until": {"N": str(until)}, "reason": {"S": reason}},
            )
        self._until, self._looked_at = until, now  # a thread that looked meanwhile found what was stored before


_BREAKER = {"pk": {"S": "BREAKER"}}


def _hour_key(hour: int) -> dict[str, Any]:
    return {"pk": {"S": f"BUDGET#{hour}"}}
