"""DynamoDB items in general: their format, their size, the keys of assets, and the number of their shape."""

import zlib
from typing import Any

import msgspec

from autotag.domain.errors import UnknownShape
from autotag.domain.state.due_entry import SHARDS

Item = dict[str, Any]

SHAPE = 1
"""The number of the shape in which this version writes items, in their attribute ``v``, and the only one it reads."""


def pack(value: object) -> bytes:
    """Return ``value`` as compressed JSON."""
    return zlib.compress(value if isinstance(value, bytes) else msgspec.json.encode(value))


def unpack(value: bytes) -> bytes:
    """Return the JSON in a compressed attribute."""
    return zlib.decompress(value)


def to_item(fields: dict[str, Any]) -> Item:
    """Return attributes in DynamoDB's low-level format, without those that are None."""
    return {name: _native(value) for name, value in fields.items() if value is not None}


def from_item(item: Item) -> dict[str, Any]:
    """Return the attributes of an item as plain values: numbers as ``int``, binary values as ``bytes``."""
    return {name: _plain(value) for name, value in item.items()}


def _native(value: Any) -> dict[str, Any]:
    """Return a value in DynamoDB's low-level format, as boto3's ``TypeSerializer`` does, whose import takes 20 ms."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case dict():
            return {"M": {name: _native(each) for name, each in value.items()}}
        case set() | frozenset():
            return {"SS": sorted(value)}
    return {"L": [_native(each) for each in value]}


def _plain(value: dict[str, Any]) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "NULL":
            return None
        case "N":
            return int(content)
        case "B":
            return bytes(content)
        case "L":
            return [_plain(each) for each in content]
        case "M":
            return {name: _plain(each) for name, each in content.items()}
        case "SS":
            return set(content)
    return content


def item_size(item: Item) -> int:
    """Return how many bytes DynamoDB counts for ``item``, numbers rounded up.

    Names and values count, and 3 for each list or map, 1 for each entry. Source:
    docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
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
    return 1


def asset_key(asset_id: str) -> str:
    """Return the partition key of an asset, in both tables."""
    return f"ASSET#{asset_id}"


def shard_of(asset_id: str) -> int:
    """Return the partition of the due index that an asset belongs to: always the same one."""
    return zlib.crc32(asset_id.encode()) % SHARDS


def require_shape(item: Item, what: str) -> None:
    """Raise ``UnknownShape`` if ``item`` was written in another shape; ``what`` names it, such as "asset 9d2f"."""
    found = item.get("v", {}).get("N", "none")
    if found != str(SHAPE):
        deploy = "deploy the version that wrote it, or a later one"
        raise UnknownShape(f"{what} has shape {found}, this version reads {SHAPE}: {deploy}")
