"""DynamoDB's Query, read to its end or as far as needed."""

from collections.abc import Iterator
from typing import Any

from autotag.adapters.aws.client import asking


def queried(client: Any, most: int | None = None, **query: Any) -> Iterator[dict[str, Any]]:
    """Yield the items that ``query`` finds, ``most`` of them at most; raises ``Retryable``.

    A page holds a megabyte at most, and may hold fewer items than its limit, or none. Only a page without
    ``LastEvaluatedKey`` is the last (Amazon DynamoDB Developer Guide, "Paginating table query results").
    """
    left = most
    while left is None or left > 0:
        limit = {} if left is None else {"Limit": left}
        with asking("DynamoDB"):
            answer = client.query(**query | limit)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        left = None if left is None else left - len(answer["Items"])
        query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
