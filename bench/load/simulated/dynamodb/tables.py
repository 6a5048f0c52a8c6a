"""DynamoDB's tables and indexes in memory, as a template defines them."""

import zlib
from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from bench.load.simulated.dynamodb.expression_parts import Item, comparable

Key = tuple[Any, ...]


def sized(item: Item) -> int:
    """Return the bytes that DynamoDB counts for an item (its Developer Guide, "DynamoDB item sizes and formats")."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(content)
        case "N":
            return len(content) // 2 + 2
        case "L":
            return 3 + sum(1 + _size(entry) for entry in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _size(entry) for name, entry in content.items())
        case "SS" | "NS" | "BS":
            return sum(len(each) for each in content)
    return 1


class Index:
    """The keys of a table's items by one of its keys, in the order of DynamoDB's Query."""

    def __init__(self, hash_name: str, range_name: str, projected: frozenset[str] | None) -> None:
        self.hash_name, self.range_name, self.projected = hash_name, range_name, projected
        self._keys: dict[Any, list[tuple[Any, Key]]] = {}

    def entry(self, item: Item) -> Item:
        """Return what the index holds of an item."""
        return item if self.projected is None else {name: item[name] for name in item if name in self.projected}

    def _place(self, item: Item | None) -> tuple[Any, Any] | None:
        if item is None or self.hash_name not in item or (self.range_name and self.range_name not in item):
            return None
        return comparable(item[self.hash_name]), comparable(item[self.range_name]) if self.range_name else None

    def move(self, key: Key, old: Item | None, new: Item | None) -> None:
        """Follow a write of the item with ``key``."""
        before, after = self._place(old), self._place(new)
        if before == after:
            return
        if before is not None:
            keys = self._keys[before[0]]
            del keys[bisect_left(keys, (before[1], key))]
            if not keys:  # else the bench itself would grow
                del self._keys[before[0]]
        if after is not None:
            insort(self._keys.setdefault(after[0], []), (after[1], key))

    def keys(self, hash_value: Any) -> list[tuple[Any, Key]]:
        """Return the range values and keys under a hash value, in order."""
        return self._keys.get(hash_value, [])


class Table:
    """Items by their key, with indexes. Only the last ``kept`` items are kept, if that is not 0."""

    def __init__(self, definition: Mapping[str, Any], kept: int = 0) -> None:
        names = [part["AttributeName"] for part in definition["KeySchema"]]
        self.key_names, self._kept = names, kept
        self.items: OrderedDict[Key, Item] = OrderedDict()
        self._in_order: list[tuple[int, Key]] = []
        self.primary = Index(names[0], names[1] if len(names) > 1 else "", None)
        self.indexes = {
            index["IndexName"]: self._index(index) for index in definition.get("GlobalSecondaryIndexes", ())
        }

    def _index(self, definition: Mapping[str, Any]) -> Index:
        names = [part["AttributeName"] for part in definition["KeySchema"]]
        projection = definition["Projection"]
        every = projection["ProjectionType"] == "ALL"
        shown = {*names, *self.key_names, *projection.get("NonKeyAttributes", ())}
        return Index(names[0], names[1] if len(names) > 1 else "", None if every else frozenset(shown))

    def key(self, item: Item) -> Key:
        """Return the key of an item."""
        return tuple(comparable(item[name]) for name in self.key_names)

    def put(self, key: Key, new: Item | None) -> None:
        """Store an item, or remove it (None)."""
        old = self.items.get(key)
        for index in (self.primary, *self.indexes.values()):
            index.move(key, old, new)
        if new is None:
            self.items.pop(key, None)
            return
        if old is None:
            insort(self._in_order, (_place(key), key))
        self.items[key] = new
        if self._kept and len(self.items) > self._kept:
            self.put(next(iter(self.items)), None)
            self._in_order.clear()

    def size_of(self, name: str) -> int:
        """Return the bytes of the item with this key, 0 if there is none."""
        return sized(self.items.get((("S", name),), {}))

    def segment(self, segment: int, segments: int, after: Key | None) -> Iterator[tuple[Key, Item]]:
        """Yield the items of a segment of a scan, after a key if one is named."""
        start = bisect_left(self._in_order, (_place(after), after)) + 1 if after else 0
        for place, key in self._in_order[start:]:
            if place % segments == segment and key in self.items:
                yield key, self.items[key]


def _place(key: Key) -> int:
    return zlib.crc32(repr(key).encode())
