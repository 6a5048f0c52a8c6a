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

_WRITE_UNIT, _READ_UNIT = 1024, 4096
_ENTRY_OVERHEAD = 100
"""Bytes that an index stores for each entry in addition to the projected attributes."""


class Meter:
    """Counts: ``calls`` by operation, DynamoDB's ``write_units`` and ``read_units`` by table or index."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.write_units: defaultdict[str, int] = defaultdict(int)
        self.read_units: defaultdict[str, float] = defaultdict(float)
        self._paused = False

    @contextmanager
    def metering(self, *clients: Any) -> Iterator[None]:
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
            if self._paused:
                return
            self.calls[f"{service}.{model.name}"] += 1
            request.update(params=params)
            if model.name == "PutItem":
                self._count_put(client, params)
            elif model.name == "UpdateItem":
                request.update(old=self._stored(client, params, params["Key"]))

        def after(parsed: dict[str, Any], model: Any, **_: Any) -> None:
            if self._paused or service != "dynamodb":
                return
            if model.name == "UpdateItem":  # one that is refused costs as much as the item
                key = request["params"]["Key"]
                new = self._stored(client, request["params"], key)
                self._count_write(client, request["params"]["TableName"], key, request["old"], new or {})
            self._count_read(model.name, request["params"], parsed)

        yield f"before-parameter-build.{service}", before
        yield f"after-call.{service}", after

    def _count_put(self, client: Any, params: dict[str, Any]) -> None:
        names = [part["AttributeName"] for part in self._table(client, params["TableName"])["KeySchema"]]
        key = {name: params["Item"][name] for name in names}
        self._count_write(client, params["TableName"], key, self._stored(client, params, key), params["Item"])

    def _table(self, client: Any, name: str) -> dict[str, Any]:
        self._paused = True
        table: dict[str, Any] = client.describe_table(TableName=name)["Table"]
        self._paused = False
        return table

    def _stored(self, client: Any, params: dict[str, Any], key: Item) -> Item | None:
        self._paused = True
        item: Item | None = client.get_item(TableName=params["TableName"], Key=key, ConsistentRead=True).get("Item")
        self._paused = False
        return item

    def _count_write(self, client: Any, name: str, key: Item, old: Item | None, new: Item) -> None:
        table = self._table(client, name)
        self.write_units[table["TableName"]] += ceil(max(item_size(new), item_size(old or {})) / _WRITE_UNIT)
        for index in table.get("GlobalSecondaryIndexes", ()):
            old_entry, new_entry = _entry(index, key, old), _entry(index, key, new)
            units = 0
            if (
                old_entry != new_entry
                and old_entry
                and new_entry
                and _keys(index, old_entry) == _keys(index, new_entry)
            ):
                units = ceil(max(item_size(old_entry), item_size(new_entry)) / _WRITE_UNIT)
            elif old_entry != new_entry:
                units = sum(ceil(item_size(entry) / _WRITE_UNIT) for entry in (old_entry, new_entry) if entry)
            self.write_units[f"{table['TableName']}.{index['IndexName']}"] += units

    def _count_read(self, operation: str, params: dict[str, Any], parsed: dict[str, Any]) -> None:
        if operation == "GetItem":
            units = max(1, ceil(item_size(parsed.get("Item", {})) / _READ_UNIT))
            self.read_units[params["TableName"]] += units if params.get("ConsistentRead") else units / 2
        elif operation == "BatchGetItem":
            for name, keys in params["RequestItems"].items():
                units = sum(max(1, ceil(item_size(item) / _READ_UNIT)) for item in parsed["Responses"].get(name, ()))
                self.read_units[name] += units if keys.get("ConsistentRead") else units / 2
        elif operation == "Scan":  # of all that is read: nothing may be left out here
            size = sum(item_size(item) for item in parsed["Items"])
            self.read_units[params["TableName"]] += max(1, ceil(size / _READ_UNIT)) / 2
        elif operation == "Query":
            size = sum(item_size(item) + _ENTRY_OVERHEAD for item in parsed["Items"])
            index = params.get("IndexName")
            self.read_units[f"{params['TableName']}.{index}" if index else params["TableName"]] += (
                max(1, ceil(size / _READ_UNIT)) / 2
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
