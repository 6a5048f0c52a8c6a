"""States of assets as DynamoDB items, and back.

What a condition, a key, a filter or an index names is a native attribute. All else is one compressed attribute,
``data``: an item of fifty labels costs one write unit, where native maps cost four.
"""

from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.codec.blob import packed, unpacked
from autotag.adapters.aws.dynamodb.items import SHAPE, Item, asset_key, item_size, require_shape, shard_of
from autotag.domain.model.conversion import convert
from autotag.domain.review.waiting import asked_since, asked_tags, indexed_asks
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.due_entry import due_work, index_entry
from autotag.domain.state.pruned import is_ended

_FORGOTTEN = 2 * 86400
"""Seconds after which DynamoDB deletes the state of an asset that only a hint named."""

DELETED = 730
"""Days after which DynamoDB deletes the state of a deleted asset, unless a setting says otherwise."""

_GONE = "GONE#"
"""What the name of a deleted asset begins with in the index of names, so that it is in no one's way there.

No name of Cloudinary's holds ``#``. Source: cloudinary.com/documentation/upload_parameters, ``public_id``.
"""

_NATIVE = ("rev", "status", "intent")


def is_nothing(state: AssetState) -> bool:
    """Whether ``state`` only records that a hint was followed or dropped: such an asset was never seen."""
    return not (state.asset.public_id or state.people or state.claims or due_work(state))


def indexed_name(public_id: str, *, deleted: bool = False) -> str:
    """Return the key of an asset's name in the index ``by_public_id``."""
    return f"{_GONE}{public_id}" if deleted and public_id else public_id


class Written(NamedTuple):
    """The item of a state, and the bytes that count toward its size limit: those without compression.

    So a state that compresses well does not grow until it is slow to read.
    """

    item: Item
    size: int


def state_to_item(state: AssetState, stamp: bytes, deleted_days: int = DELETED) -> Written:
    """Return the item of ``state``; ``stamp`` identifies this very write. ``deleted_days`` is as ``DELETED``."""
    asset_id, when, content = state.asset.asset_id, index_entry(state), packed(_content(state))
    item: Item = {
        "pk": {"S": asset_key(asset_id)},
        "v": {"N": str(SHAPE)},
        "rev": {"N": str(state.rev)},
        "status": {"S": state.status},
        "stamp": {"B": stamp},
        "data": {"B": content.data},
    }
    if name := indexed_name(state.asset.public_id, deleted=state.status == "gone"):
        item["public_id"] = {"S": name}  # an index key may not be empty
    if when is not None:
        item |= {"due": {"S": f"{when[0]}#{shard_of(asset_id)}"}, "due_at": {"N": str(when[1])}}
    if state.intent is not None and not state.intent.indexed:
        item["due_at"] = {"N": str(state.intent.due_at)}  # alone it is no key of the index
    if asked_tags(state):
        asked = {key: {"N": str(confidence)} for key, confidence in indexed_asks(state).items()}
        item |= {
            "review": {"S": f"REVIEW#{shard_of(asset_id)}"},
            "review_at": {"N": str(asked_since(state))},
            "ask": {"M": asked},
        }
        if state.facts is not None:
            item["ask_folder"] = {"S": state.facts.folder}
    if (expires_at := _expires_at(state, deleted_days)) is not None:
        item["expires_at"] = {"N": str(expires_at)}
    return Written(item, item_size(item) + max(0, content.size - len(content.data)))


def state_from_item(item: Item) -> AssetState:
    """Return the state in ``item``; raises ``UnknownShape``, or ``Invalid`` if its content is torn."""
    asset_id = asset_id_of(item)
    require_shape(item, f"asset {asset_id}")
    fields = unpacked(bytes(item["data"]["B"]))
    name = item.get("public_id", {}).get("S", "").removeprefix(_GONE)
    fields["asset"] |= {"asset_id": asset_id, "public_id": name}
    fields |= {"rev": int(item["rev"]["N"]), "status": item["status"]["S"]}
    intent = fields.get("intent")
    if intent is not None:
        intent |= {"audit": _record(intent["audit"]), "indexed": "due" in item, "due_at": int(item["due_at"]["N"])}
    return convert(fields, AssetState)


def asset_id_of(item: Item) -> str:
    """Return the asset_id in the key of an item or an index entry."""
    return str(item["pk"]["S"]).removeprefix(asset_key(""))


def _content(state: AssetState) -> dict[str, Any]:
    """Return what is in ``data``: fields with values, but for those that are native attributes."""
    fields = {name: value for name, value in msgspec.to_builtins(replace(state, intent=None)).items() if value}
    for name in _NATIVE:
        fields.pop(name, None)
    asset = fields["asset"]
    fields["asset"] = {name: asset[name] for name in ("resource_type", "type", "version")}
    if state.intent is not None:
        intent = msgspec.to_builtins(replace(state.intent, audit=b""))
        del intent["indexed"], intent["due_at"]  # native attributes tell
        fields["intent"] = intent | {"audit": _opened(state.intent.audit)}
    return fields


def _opened(record: bytes) -> Any:
    """Return the record of an intent as a value, which shares the state's texts, or as it is if it would differ."""
    try:
        value = msgspec.json.decode(record)
    except msgspec.DecodeError:
        return record
    return value if msgspec.json.encode(value) == record else record


def _record(stored: Any) -> bytes:
    """Return the record of an intent as it was, to the byte."""
    return stored if isinstance(stored, bytes) else msgspec.json.encode(stored)


def _expires_at(state: AssetState, deleted_days: int) -> int | None:
    if is_nothing(state):
        return state.final_at // 1000 + _FORGOTTEN
    return max(state.final_at, state.deleted_at) // 1000 + deleted_days * 86400 if is_ended(state) else None
