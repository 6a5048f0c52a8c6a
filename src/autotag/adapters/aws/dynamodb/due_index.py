"""The first due work in each partition of the State table's due index."""

from typing import Any

from autotag.adapters.aws.dynamodb.query import queried
from autotag.domain.model.health import Overdue


class DueIndex:
    """A reader of the index, which is eventually consistent."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def oldest(self, kind: str, shard: int) -> Overdue | None:
        """Return the first due work of ``kind`` (``INTENT``, ``POLL`` or ``HINT``), or None if there is none."""
        found = queried(
            self._client,
            1,
            TableName=self._table,
            IndexName="due",
            KeyConditionExpression="due = :kind",
            ExpressionAttributeValues={":kind": {"S": f"{kind}#{shard}"}},
        )
        for item in found:
            return Overdue(item["asset_id"]["S"], int(item["due_at"]["N"]))
        return None
