"""Conversion of states and audits to DynamoDB items and back.

Fields that queries or conditions use are native attributes. Long details (labels, records) are compressed JSON, since
fifty labels as native maps would cost twice the write units.
"""

import zlib
from typing import Any

import msgspec
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from msgspec.structs import replace

from autotag.domain.model.labels import Categorization
from autotag.domain.state.asset_state import SHARDS, AssetState, asked_confidences, due_work
from autotag.domain.state.pruned import is_ended

Item = dict[str, Any]

_CATEGORIZATIONS = msgspec.json.Decoder(dict[str, Categorization])


class _Deserializer(TypeDeserializer):
    """A deserializer that returns numbers as ``int`` and binary values as ``bytes``."""

    def _deserialize_n(self, value: str) -> int:
        return int(value)

    def _deserialize_b(self, value: bytes) -> bytes:
        return bytes(value)


_serialize = TypeSerializer().serialize
_deserialize = _Deserializer().deserialize


def pack(value: object) -> bytes:
    """Return ``value`` as compressed JSON."""
    return zlib.compress(value if isinstance(value, bytes) else msgspec.json.encode(value))


def unpack(value: bytes) -> bytes:
    """Return the JSON in a compressed attribute."""
    return zlib.decompress(value)


def to_item(fields: dict[str, Any]) -> Item:
    """Return attributes in DynamoDB's low-level format, without those that are None."""
    return {name: _serialize(value) for name, value in fields.items() if value is not None}


def from_item(item: Item) -> dict[str, Any]:
    """Return the attributes of an item as plain values."""
    return {name: _deserialize(value) for name, value in item.items()}


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


_FORGOTTEN = 2 * 86400
"""Seconds after which DynamoDB deletes the state of an asset that only a hint named."""

DELETED = 730
"""Days after which DynamoDB deletes the state of a deleted asset, unless a setting says otherwise."""

_GONE = "GONE#"
"""What the name of a deleted asset begins with in the index of names, so that it is in no one's way there.

No name of Cloudinary's holds ``#``. Source: cloudinary.com/documentation/upload_parameters, ``public_id``.
"""


def is_nothing(state: AssetState) -> bool:
    """Whether ``state`` only records that a hint was followed or dropped: such an asset was never seen."""
    return not (state.asset.public_id or state.people or state.claims or due_work(state))


def indexed_name(public_id: str, *, deleted: bool = False) -> str:
    """Return the key of an asset's name in the index ``by_public_id``."""
    return f"{_GONE}{public_id}" if deleted and public_id else public_id


def state_to_item(state: AssetState, stamp: str, deleted_days: int = DELETED) -> Item:
    """Return the item of ``state``; ``stamp`` identifies this very write. ``deleted_days`` is as ``DELETED``."""
    # The audit in the intent and the labels are compressed; the rest is native.
    bare = replace(state, categorizations={}, intent=None)
    fields = msgspec.to_builtins(bare)
    asset = fields.pop("asset")
    fields = {name: value for name, value in fields.items() if value or name == "rev"}  # reading gives the defaults
    shard = shard_of(state.asset.asset_id)
    when = due_work(state)
    intent = None
    if state.intent is not None:
        intent = msgspec.to_builtins(replace(state.intent, audit=b"")) | {"audit": pack(state.intent.audit)}
        _join(intent["outcome"])
    _join(fields)
    fields |= {
        "pk": asset_key(state.asset.asset_id),
        **asset,
        # an index key may not be empty
        "public_id": indexed_name(asset["public_id"], deleted=state.status == "gone") or None,
        "stamp": stamp,
        "labels": pack(state.categorizations) if state.categorizations else None,
        "intent": intent,
        "due": f"{when[0]}#{shard}" if when else None,
        "due_at": when[1] if when else None,
        "review_tags": list(state.review) or None,
        "ask": asked_confidences(state) if state.review else None,
        "ask_folder": state.facts.folder if state.review and state.facts else None,
        "review": f"REVIEW#{shard}" if state.review else None,
        "review_at": (state.asked_at or state.final_at) if state.review else None,
        "expires_at": _expires_at(state, deleted_days),
    }
    return to_item(fields)


def _expires_at(state: AssetState, deleted_days: int) -> int | None:
    if is_nothing(state):
        return state.final_at // 1000 + _FORGOTTEN
    return max(state.final_at, state.deleted_at) // 1000 + deleted_days * 86400 if is_ended(state) else None


def _join(fields: dict[str, Any]) -> None:
    """Store the givers of managed tags once if they are all the same, instead of beside each tag."""
    givers = fields.get("givers", {})
    if givers.keys() == fields.get("ours", {}).keys() and len(set(map(tuple, givers.values()))) == 1:
        fields["given_by"] = list(next(iter(fields.pop("givers").values())))


def _part(fields: dict[str, Any]) -> None:
    """Undo ``_join``."""
    if "given_by" in fields:
        fields["givers"] = dict.fromkeys(fields["ours"], fields["given_by"])


def state_from_item(item: Item) -> AssetState:
    """Return the state in ``item``."""
    fields = from_item(item)
    labels = fields.pop("labels", None)
    fields["categorizations"] = _CATEGORIZATIONS.decode(unpack(labels)) if labels else {}
    fields["review"] = fields.pop("review_tags", ())
    fields["ask"] = {key: confidence for key, confidence in fields.get("ask", {}).items() if confidence}
    fields["asset"] = {
        "asset_id": fields["asset_id"],
        "public_id": fields.get("public_id", "").removeprefix(_GONE),
        "resource_type": fields["resource_type"],
        "type": fields["type"],
        "version": fields["version"],
    }
    _part(fields)
    if fields.get("intent"):
        _part(fields["intent"]["outcome"])
        fields["intent"]["audit"] = unpack(fields["intent"]["audit"])
    return msgspec.convert(fields, AssetState)
