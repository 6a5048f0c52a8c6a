"""The Upload API's calls on many assets at once: tags, context and metadata."""

from typing import Any

from msgspec.structs import replace

from simulator.api.call import Call
from simulator.assets.assets import Asset
from simulator.assets.tags import COMMANDS, apply_command, parse_pairs, tag_change, unique_tags
from simulator.core.errors import ApiError, missing_parameter
from simulator.environment import Environment
from simulator.metadata.values import changed, parse_metadata
from simulator.notifications.changes import Edit

_MAX_PUBLIC_IDS = 1000


def tags(environment: Environment, call: Call) -> dict[str, Any]:
    """Add, remove or replace tags of up to 1,000 assets. The setting ``tags_answer`` decides which ids are returned."""
    command = call.params.required("command")
    if command not in COMMANDS:
        raise ApiError(400, f"Invalid command {command}")
    sent = unique_tags(call.params.names("tag"))
    if not sent and command != "remove_all":
        raise missing_parameter("tag")
    named = _named_assets(environment, call)
    after = [(asset, apply_command(asset.tags, command, sent)) for asset in named]
    if command == "set_exclusive":
        after += [
            (asset, apply_command(asset.tags, "remove", sent)) for asset in _other_assets(environment, call, named)
        ]
    edits = [Edit(asset, replace(asset, tags=new)) for asset, new in after if tag_change(asset.tags, new)]
    return _saved(environment, call, named, edits)


def context(environment: Environment, call: Call) -> dict[str, Any]:
    """Add contextual metadata to up to 1,000 assets, or remove all of it."""
    command = call.params.required("command")
    if command not in ("add", "remove_all"):
        raise ApiError(400, f"Invalid command {command}")
    pairs = parse_pairs(call.params.required("context"), "context") if command == "add" else {}
    named = _named_assets(environment, call)
    after = [(asset, asset.context | pairs if command == "add" else {}) for asset in named]
    edits = [Edit(asset, replace(asset, context=new)) for asset, new in after if new != asset.context]
    return _saved(environment, call, named, edits)


def metadata(environment: Environment, call: Call) -> dict[str, Any]:
    """Set or clear fields of the structured metadata of up to 1,000 assets."""
    sent = parse_metadata(call.params.required("metadata"), environment.metadata_fields)
    named = _named_assets(environment, call)
    edits = [Edit(asset, replace(asset, metadata=changed(asset.metadata, sent))) for asset in named]
    _save(environment, call, edits)
    return {"public_ids": [asset.public_id for asset in named]}


def _named_assets(environment: Environment, call: Call) -> list[Asset]:
    public_ids = call.params.limited_ids("public_ids", _MAX_PUBLIC_IDS)
    assets = (environment.store.find(call.key_of(public_id)) for public_id in public_ids)
    return [asset for asset in assets if asset is not None]


def _other_assets(environment: Environment, call: Call, named: list[Asset]) -> list[Asset]:
    """Return the assets of the call's resource type and delivery type that it does not name."""
    ids = {asset.asset_id for asset in named}
    return [a for a in environment.store if a.key == call.key_of(a.public_id) and a.asset_id not in ids]


def _save(environment: Environment, call: Call, edits: list[Edit]) -> None:
    environment.store.save_all([edit.after for edit in edits])
    environment.notifier.edited(edits, call.cause)


def _saved(environment: Environment, call: Call, named: list[Asset], edits: list[Edit]) -> dict[str, Any]:
    """Save ``edits``, notify, and return the answer: the ids of all assets named, or only of those that changed."""
    _save(environment, call, edits)
    changed = {edit.after.asset_id for edit in edits}
    every = environment.settings.current.tags_answer == "found"
    return {"public_ids": [asset.public_id for asset in named if every or asset.asset_id in changed]}
