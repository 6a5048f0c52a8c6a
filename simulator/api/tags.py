"""The Upload API's calls on many assets at once: tags, context and metadata."""

from typing import Any

from msgspec.structs import replace

from simulator.api.types import Call
from simulator.assets.assets import Asset
from simulator.assets.tags import COMMANDS, applied, difference, distinct, parse_pairs
from simulator.core.errors import ApiError, missing_parameter
from simulator.environment import Environment
from simulator.notifications.changes import Edit

_MAX_PUBLIC_IDS = 1000


def tags(environment: Environment, call: Call) -> dict[str, Any]:
    """Add, remove or replace tags of up to 1,000 assets. The setting ``tags_answer`` decides which ids are returned."""
    command = call.params.required("command")
    if command not in COMMANDS:
        raise ApiError(400, f"Invalid command {command}")
    wanted = distinct(call.params.names("tag"))
    if not wanted and command != "remove_all":
        raise missing_parameter("tag")
    listed = _listed(environment, call)
    after = [(asset, applied(asset.tags, command, wanted)) for asset in listed]
    if command == "set_exclusive":
        after += [(asset, applied(asset.tags, "remove", wanted)) for asset in _others(environment, call, listed)]
    edits = [Edit(asset, replace(asset, tags=new)) for asset, new in after if difference(asset.tags, new)]
    return _saved(environment, call, listed, edits)


def context(environment: Environment, call: Call) -> dict[str, Any]:
    """Add contextual metadata to up to 1,000 assets, or remove all of it."""
    command = call.params.required("command")
    if command not in ("add", "remove_all"):
        raise ApiError(400, f"Invalid command {command}")
    pairs = parse_pairs(call.params.required("context"), "context") if command == "add" else {}
    listed = _listed(environment, call)
    after = [(asset, asset.context | pairs if command == "add" else {}) for asset in listed]
    edits = [Edit(asset, replace(asset, context=new)) for asset, new in after if new != asset.context]
    return _saved(environment, call, listed, edits)


def metadata(environment: Environment, call: Call) -> dict[str, Any]:
    """Set fields of the structured metadata of up to 1,000 assets."""
    pairs = parse_pairs(call.params.required("metadata"), "metadata")
    listed = _listed(environment, call)
    edits = [Edit(asset, replace(asset, metadata=asset.metadata | pairs)) for asset in listed]
    environment.store.save_all([edit.after for edit in edits])
    environment.notifier.edited(edits, call.cause)
    return {"public_ids": [asset.public_id for asset in listed]}


def _listed(environment: Environment, call: Call) -> list[Asset]:
    kind = call.path["resource_type"], call.params.text("type", "upload")
    public_ids = call.params.limited_ids("public_ids", _MAX_PUBLIC_IDS)
    found = (environment.store.find((*kind, public_id)) for public_id in public_ids)
    return [asset for asset in found if asset is not None]


def _others(environment: Environment, call: Call, listed: list[Asset]) -> list[Asset]:
    kind = call.path["resource_type"], call.params.text("type", "upload")
    ids = {asset.asset_id for asset in listed}
    return [a for a in environment.store if (a.resource_type, a.type) == kind and a.asset_id not in ids]


def _saved(environment: Environment, call: Call, listed: list[Asset], edits: list[Edit]) -> dict[str, Any]:
    environment.store.save_all([edit.after for edit in edits])
    environment.notifier.edited(edits, call.cause)
    changed = {edit.after.asset_id for edit in edits}
    all_found = environment.settings.current.tags_answer == "found"
    return {"public_ids": [asset.public_id for asset in listed if all_found or asset.asset_id in changed]}
