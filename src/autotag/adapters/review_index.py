"""What waits for a person in each partition of the State table's review index."""

from collections.abc import Iterator
from typing import Any

from autotag.adapters.aws import asking
from autotag.adapters.items import asset_key


class ReviewIndex:
    """Reads a partition page by page, as far as it is asked for; the index is up to a moment late."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def waiting(self, shard: int, since: int) -> Iterator[tuple[int, str]]:
        """Yield since when (ms) an asset waits, from ``since`` on, and its asset_id, the oldest first."""
        start: dict[str, Any] = {}
        while True:
            with asking("DynamoDB"):
                answer = self._client.query(
                    TableName=self._table,
                    IndexName="review",
                    KeyConditionExpression="review = :shard AND review_at >= :since",
                    ExpressionAttributeValues={":shard": {"S": f"REVIEW#{shard}"}, ":since": {"N": str(since)}},
                    Limit=_PAGE,
                    **start,
                )
            for item in answer["Items"]:
                yield int(item["review_at"]["N"]), item["pk"]["S"].removeprefix(asset_key(""))
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


_PAGE = 100
