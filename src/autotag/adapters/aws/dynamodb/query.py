"""DynamoDB's reads of several items: a Query, read to its end or as far as needed, and BatchGetItem."""

from collections.abc import Iterable, Iterator
from typing import Any

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.items import Item
from autotag.domain.errors import Retryable

_TOGETHER = 100
"""Items in one batch: the limit of DynamoDB."""


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


def items_of(client: Any, table: str, keys: Iterable[str]) -> Iterator[Item]:
    """Yield those of the items with these partition keys that there are, from consistent reads, in any order.

    Raises ``Retryable``.
    """
    wanted = [{"pk": {"S": key}} for key in dict.fromkeys(keys)]
    while wanted:
        some, wanted = wanted[:_TOGETHER], wanted[_TOGETHER:]
        with asking("DynamoDB"):
            answer = client.batch_get_item(RequestItems={table: {"Keys": some, "ConsistentRead": True}})
        yield from answer["Responses"].get(table, ())
        left = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        if len(left) == len(some):
            raise Retryable("DynamoDB: no key of a batch was read")
        wanted += left  # those that did not fit into sixteen megabytes, or were throttled
