"""The assets that wait for a reviewer, in each partition of the State table's review index."""

from collections.abc import Iterator
from typing import Any

from autotag.adapters.aws.dynamodb.items import asset_key
from autotag.adapters.aws.dynamodb.query import queried


class ReviewIndex:
    """A reader of the index, which is eventually consistent. It reads a partition page by page, as far as needed."""

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


_PAGE = 100
