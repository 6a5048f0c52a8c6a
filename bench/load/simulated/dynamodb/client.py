"""A client of DynamoDB whose tables are in memory: the calls of botocore that the service makes, and their read units.

Query and Scan return a megabyte at most, like DynamoDB's (its Developer Guide, "Paginating table query results").
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import ceil
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from bench.load.simulated.dynamodb.conditions import condition
from bench.load.simulated.dynamodb.expression_parts import Item, comparable
from bench.load.simulated.dynamodb.tables import Index, Key, Table, sized
from bench.load.simulated.dynamodb.updates import update

_PAGE = 1 << 20
_READ_UNIT = 4096
_OVERHEAD = 100
"""Bytes that an index stores for each entry beside the projected attributes."""

Answer = dict[str, Any]


class ConditionalCheckFailed(ClientError):
    """A condition that did not hold, with the stored item."""

    def __init__(self, operation: str, item: Item | None) -> None:
        error: Any = {"Error": {"Code": "ConditionalCheckFailedException", "Message": "The conditional request failed"}}
        super().__init__(error | ({"Item": item} if item else {}), operation)


class DynamoDB:
    """Tables by their names. ``before_call`` is given the name of each operation and its parameters.

    ``after_scan`` is given the number of items that a scan returns.
    """

    exceptions = SimpleNamespace(ConditionalCheckFailedException=ConditionalCheckFailed)

    def __init__(
        self,
        tables: Mapping[str, Table],
        before_call: Callable[[str, Mapping[str, Any]], None],
        after_scan: Callable[[int], None] = lambda items: None,
    ) -> None:
        self.tables, self._before_call, self._after_scan = tables, before_call, after_scan
        self.calls: Counter[str] = Counter()
        self.read_units = 0.0

    def get_item(self, **call: Any) -> Answer:
        """Return an item."""
        table = self._called("GetItem", call)
        item = table.items.get(table.key(call["Key"]))
        self._read([item or {}], consistent=call.get("ConsistentRead"))
        return {"Item": item.copy()} if item is not None else {}

    def batch_get_item(self, **call: Any) -> Answer:
        """Return up to a hundred items."""
        self._count("BatchGetItem", call)
        found = {}
        for name, wanted in call["RequestItems"].items():
            table = self.tables[name]
            items = [table.items[key] for each in wanted["Keys"] if (key := table.key(each)) in table.items]
            for item in items:
                self._read([item], consistent=wanted.get("ConsistentRead"))
            found[name] = [item.copy() for item in items]
        return {"Responses": found, "UnprocessedKeys": {}}

    def put_item(self, **call: Any) -> Answer:
        """Store an item if its condition holds."""
        table = self._called("PutItem", call)
        key = table.key(call["Item"])
        self._require("PutItem", call, table.items.get(key))
        table.put(key, dict(call["Item"]))
        return {}

    def update_item(self, **call: Any) -> Answer:
        """Change an item if its condition holds."""
        table = self._called("UpdateItem", call)
        key = table.key(call["Key"])
        stored = table.items.get(key)
        self._require("UpdateItem", call, stored)
        item = dict(stored or call["Key"])
        update(call["UpdateExpression"])(item, *_values_and_names(call))
        table.put(key, item)
        return {"Attributes": item.copy()}

    def delete_item(self, **call: Any) -> Answer:
        """Remove an item if its condition holds."""
        table = self._called("DeleteItem", call)
        key = table.key(call["Key"])
        self._require("DeleteItem", call, table.items.get(key))
        table.put(key, None)
        return {}

    def query(self, **call: Any) -> Answer:
        """Return a page of the items under a hash key, in the order of the range key."""
        table = self._called("Query", call)
        index = table.indexes[call["IndexName"]] if "IndexName" in call else table.primary
        values, names = _values_and_names(call)
        first = call["KeyConditionExpression"].split(" AND ")[0].partition(" = ")[2].strip(" ()")
        keys = index.keys(comparable(values[first]))
        wanted = condition(call["KeyConditionExpression"])
        start = call.get("ExclusiveStartKey")
        after = _place(table, index, start) if start else None
        forward = call.get("ScanIndexForward", True)
        places = (
            place
            for place in (keys if forward else reversed(keys))
            if after is None or (place > after if forward else place < after)
        )
        found = ((place[1], table.items[place[1]]) for place in places)
        matching = ((key, item) for key, item in found if wanted(item, values, names))
        return self._page(table, index, matching, call)

    def scan(self, **call: Any) -> Answer:
        """Return a page of a segment of a table."""
        table = self._called("Scan", call)
        start = call.get("ExclusiveStartKey")
        after = table.key(start) if start else None
        items = table.segment(call.get("Segment", 0), call.get("TotalSegments", 1), after)
        answer = self._page(table, table.primary, items, call)
        self._after_scan(answer["Count"])
        return answer

    def _page(self, table: Table, index: Index, found: Iterable[tuple[Key, Item]], call: Answer) -> Answer:
        values, names = _values_and_names(call)
        fits = condition(call["FilterExpression"]) if "FilterExpression" in call else None
        limit, size, read, more = call.get("Limit"), 0, list[Key](), False
        shown, full = list[Item](), False
        for key, item in found:
            if full:
                more = True
                break
            entry = index.entry(item)
            size += sized(entry) + (_OVERHEAD if index is not table.primary else 0)
            read.append(key)
            if fits is None or fits(entry, values, names):
                shown.append(dict(entry))
            full = size >= _PAGE or len(read) == limit
        self.read_units += max(1, ceil(size / _READ_UNIT)) / (1 if call.get("ConsistentRead") else 2)
        answer: Answer = {"Items": shown, "Count": len(shown), "ScannedCount": len(read)}
        if more:
            last = table.items[read[-1]]
            keys = {*table.key_names, index.hash_name, index.range_name}
            answer["LastEvaluatedKey"] = {name: last[name] for name in keys if name and name in last}
        if call.get("Select") == "COUNT":
            del answer["Items"]
        return answer

    def _called(self, operation: str, call: Mapping[str, Any]) -> Table:
        self._count(operation, call)
        return self.tables[call["TableName"]]

    def _count(self, operation: str, call: Mapping[str, Any]) -> None:
        self.calls[operation] += 1
        self._before_call(operation, call)

    def _read(self, items: list[Item], *, consistent: object) -> None:
        self.read_units += sum(max(1, ceil(sized(item) / _READ_UNIT)) for item in items) / (1 if consistent else 2)

    def _require(self, operation: str, call: Mapping[str, Any], stored: Item | None) -> None:
        text = call.get("ConditionExpression")
        if text and not condition(text)(stored or {}, *_values_and_names(call)):
            raise ConditionalCheckFailed(operation, stored)


def _values_and_names(call: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    return call.get("ExpressionAttributeValues", {}), call.get("ExpressionAttributeNames", {})


def _place(table: Table, index: Index, start: Item) -> tuple[Any, Key]:
    return comparable(start[index.range_name]) if index.range_name else None, table.key(start)
