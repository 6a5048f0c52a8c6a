"""What all workers share about calls of Rekognition: the budget of a day, and the label model that answered last."""

from typing import Any

from autotag.adapters.aws.client import asking
from autotag.domain.detection.budget import day_of, until_midnight
from autotag.domain.errors import BudgetExhausted
from autotag.domain.model.health import DetectUsage

_KEPT = 3 * 86400
_MODEL = {"pk": {"S": "DETECT#MODEL"}}


class DynamoDetectBudget:
    """Implements the ``DetectBudget`` and ``DetectReader`` ports: one item a day, which every caller counts up before
    its call. ``cap`` is the most of a day."""

    def __init__(self, client: Any, table: str, cap: int) -> None:
        self._client, self._table, self._cap = client, table, cap

    def reserve(self, now: int) -> None:
        """Take one call out of the day's budget, or raise ``BudgetExhausted`` with the seconds until the next day."""
        used_up = BudgetExhausted(f"the {self._cap} calls of Rekognition of a day are used", delay=until_midnight(now))
        if self._cap <= 0:
            raise used_up
        values = {":one": 1, ":cap": self._cap, ":expires": day_of(now) + _KEPT}
        with asking("DynamoDB"):
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=_day_key(now),
                    UpdateExpression="ADD used :one SET expires_at = :expires",
                    ConditionExpression="attribute_not_exists(used) OR used < :cap",
                    ExpressionAttributeValues={name: {"N": str(value)} for name, value in values.items()},
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                raise used_up from None

    def release(self, now: int) -> None:
        """Give back a call of the day of ``now`` (ms) that was not made."""
        with asking("DynamoDB"):
            self._client.update_item(
                TableName=self._table,
                Key=_day_key(now),
                UpdateExpression="ADD used :less",
                ExpressionAttributeValues={":less": {"N": "-1"}},
            )

    def usage(self, now: int) -> DetectUsage:
        """Return the calls of the day of ``now`` (ms), and the label models of the last answers."""
        with asking("DynamoDB"):
            day = self._client.get_item(TableName=self._table, Key=_day_key(now)).get("Item", {})
            model = self._client.get_item(TableName=self._table, Key=_MODEL).get("Item", {})
        used = int(day.get("used", {}).get("N", 0))
        latest, earlier = (model.get(name, {}).get("S", "") for name in ("model", "earlier"))
        return DetectUsage(used, self._cap, latest, earlier, int(model.get("since", {}).get("N", 0)))


class DynamoLabelModels:
    """Implements the ``LabelModels`` port: one item, which a process writes when it meets another model."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table, self._known = client, table, ""

    def seen(self, model: str, now: int) -> str:
        """Store the version that answered at ``now`` (ms); return the one before if this is another, else ""."""
        if model == self._known:
            return ""
        with asking("DynamoDB"):
            stored = self._client.get_item(TableName=self._table, Key=_MODEL, ConsistentRead=True).get("Item", {})
            while (earlier := stored.get("model", {}).get("S", "")) != model:
                other = self._replaced(earlier, model, now)
                if other is None:
                    self._known = model
                    return str(earlier)
                stored = other
        self._known = model
        return ""

    def _replaced(self, earlier: str, model: str, now: int) -> dict[str, Any] | None:
        """Store ``model`` in the place of ``earlier`` ("" for none); return the item that is there instead, if any."""
        item = {**_MODEL, "model": {"S": model}, "since": {"N": str(now)}}
        request: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(model)"}
        if earlier:
            item["earlier"] = {"S": earlier}
            request = {
                "ConditionExpression": "model = :earlier", "ExpressionAttributeValues": {":earlier": {"S": earlier}},
            }  # fmt: skip
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ReturnValuesOnConditionCheckFailure="ALL_OLD", **request
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            found: dict[str, Any] = error.response.get("Item", {})
            return None if found == item else found  # its own: botocore sent it again, since the answer was lost
        return None


def _day_key(now: int) -> dict[str, Any]:
    return {"pk": {"S": f"DETECT#{day_of(now)}"}}
