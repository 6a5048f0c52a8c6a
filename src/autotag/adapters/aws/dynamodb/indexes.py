"""Readers of the State table's indexes, which are eventually consistent."""

from collections.abc import Iterator
from typing import Any

from autotag.adapters.aws.dynamodb.items import asset_key
from autotag.adapters.aws.dynamodb.query import queried
from autotag.domain.model.health import Overdue

_PAGE = 100


class DueIndex:
    """The first due work in each partition of the due index."""

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


class ReviewIndex:
    """The assets that wait for a reviewer, in each partition of the review index, read page by page as needed."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def waiting(self, shard: int, since: int) -> Iterator[tuple[int, str]]:
        """Yield when (ms) each asset began to wait, from ``since`` on, and its asset_id, the oldest first."""
        found = queried(
            self._client,
            TableName=self._table,
            IndexName="review",
            KeyConditionExpression="review = :shard AND review_at >= :since",
            ExpressionAttributeValues={":shard": {"S": f"REVIEW#{shard}"}, ":since": {"N": str(since)}},
            Limit=_PAGE,
        )
        for item in found:
            yield int(item["review_at"]["N"]), item["pk"]["S"].removeprefix(asset_key(""))
