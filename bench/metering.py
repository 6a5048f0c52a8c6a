"""Counts of the calls that AWS bills, on the tables and queues that template.yaml defines.

DynamoDB's rules: a write costs a unit for each started kilobyte of the larger of the old and the new item, in the table
and in each index whose entry it changes. A read costs one for each started four kilobytes, half of that if it need not
be consistent. Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import Any

from autotag.adapters.aws.dynamodb.items import Item, item_size

_WRITE, _READ = 1024, 4096
_ENTRY = 100
"""Bytes that an index stores for each entry in addition to the projected attributes."""


class Meter:
    """Counts: ``calls`` by operation, DynamoDB's ``write_units`` and ``read_units`` by table or index."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.write_units: defaultdict[str, int] = defaultdict(int)
        self.read_units: defaultdict[str, float] = defaultdict(float)
        self._looking = False

    @contextmanager
    def watching(self, *clients: Any) -> Iterator[None]:
        """Count the calls of these clients while the block runs."""
        hooks = [(client, name, hook) for client in clients for name, hook in self._hooks(client)]
        for client, name, hook in hooks:
            client.meta.events.register(name, hook)
        try:
            yield
        finally:
            for client, name, hook in hooks:
                client.meta.events.unregister(name, hook)

    def _hooks(self, client: Any) -> Iterator[tuple[str, Any]]:
        service = client.meta.service_model.service_id.hyphenize()
        request: dict[str, Any] = {}

        def before(params: dict[str, Any], model: Any, **_: Any) -> None:
            if self._looking:
                return
            self.calls[f"{service}.{model.name}"] += 1
            request.update(params=params)
            if model.name == "PutItem":
                self._written(client, params)

        def after(parsed: dict[str, Any], model: Any, **_: Any) -> None:
            if not self._looking and service == "dynamodb":
                self._read(model.name, request["params"], parsed)

        yield f"before-parameter-build.{service}", before
        yield f"after-call.{service}", after

    def _written(self, client: Any, params: dict[str, Any]) -> None:
        self._looking = True
        table = client.describe_table(TableName=params["TableName"])["Table"]
        key = {part["AttributeName"]: params["Item"][part["AttributeName"]] for part in table["KeySchema"]}
        old = client.get_item(TableName=params["TableName"], Key=key, ConsistentRead=True).get("Item")
        self._looking = False
        new = params["Item"]
        self.write_units[table["TableName"]] += ceil(max(item_size(new), item_size(old or {})) / _WRITE)
        for index in table.get("GlobalSecondaryIndexes", ()):
            was, is_ = _entry(index, key, old), _entry(index, key, new)
            units = 0
            if was != is_ and was and is_ and _keys(index, was) == _keys(index, is_):
                units = ceil(max(item_size(was), item_size(is_)) / _WRITE)
            elif was != is_:
                units = sum(ceil(item_size(entry) / _WRITE) for entry in (was, is_) if entry)
            self.write_units[f"{table['TableName']}.{index['IndexName']}"] += units

    def _read(self, operation: str, params: dict[str, Any], parsed: dict[str, Any]) -> None:
        if operation == "GetItem":
            units = max(1, ceil(item_size(parsed.get("Item", {})) / _READ))
            self.read_units[params["TableName"]] += units if params.get("ConsistentRead") else units / 2
        elif operation == "Query":
            size = sum(item_size(item) + _ENTRY for item in parsed["Items"])
            index = params.get("IndexName")
            self.read_units[f"{params['TableName']}.{index}" if index else params["TableName"]] += (
                max(1, ceil(size / _READ)) / 2
            )


def _keys(index: dict[str, Any], entry: Item) -> list[Any]:
    return [entry[part["AttributeName"]] for part in index["KeySchema"]]


def _entry(index: dict[str, Any], key: Item, item: Item | None) -> Item | None:
    """Return the entry of an item in an index, or None if the index does not have the item."""
    names = [part["AttributeName"] for part in index["KeySchema"]]
    if item is None or any(name not in item for name in names):
        return None
    names += index["Projection"].get("NonKeyAttributes", [])
    return key | {name: item[name] for name in names if name in item}
