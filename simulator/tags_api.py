"""The Upload API's calls on many assets at once: tags and context."""

from typing import Any

from msgspec.structs import replace

from simulator.api import Call
from simulator.assets import Asset
from simulator.cloud import Cloud
from simulator.errors import ApiError, missing
from simulator.tags import COMMANDS, Change, applied, difference, distinct, parse_pairs

_MAX_PUBLIC_IDS = 1000


def tags(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Add, remove or replace tags of up to 1,000 assets; ``tags_answer`` says which ids return."""
    command = call.params.required("command")
    if command not in COMMANDS:
        raise ApiError(400, f"Invalid command {command}")
    wanted = distinct(call.params.names("tag"))
    if not wanted and command != "remove_all":
        raise missing("tag")
    listed = _listed(cloud, call)
    after = [(asset, applied(asset.tags, command, wanted)) for asset in listed]
    if command == "set_exclusive":
        after += [(asset, applied(asset.tags, "remove", wanted)) for asset in _others(cloud, call, listed)]
    changes: list[tuple[Asset, Change]] = []
    for asset, new in after:
        change = difference(asset.tags, new)
        if change:
            changes.append((cloud.store.save(replace(asset, tags=new)), change))
    if changes:
        cloud.notifier.tags_changed(changes, call.cause)
    return _answer(cloud, listed, {asset.asset_id for asset, _ in changes})


def context(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Add to the contextual metadata of up to 1,000 assets, or remove all of it."""
    command = call.params.required("command")
    if command not in ("add", "remove_all"):
        raise ApiError(400, f"Invalid command {command}")
    pairs = parse_pairs(call.params.required("context"), "context") if command == "add" else {}
    listed = _listed(cloud, call)
    changes: list[tuple[Asset, dict[str, str]]] = []
    for asset in listed:
        new = asset.context | pairs if command == "add" else {}
        if new != asset.context:
            changes.append((cloud.store.save(replace(asset, context=new)), asset.context))
    if changes:
        cloud.notifier.context_changed(changes, call.cause)
    return _answer(cloud, listed, {asset.asset_id for asset, _ in changes})


def _listed(cloud: Cloud, call: Call) -> list[Asset]:
    public_ids = call.params.ids("public_ids")
    if not public_ids:
        raise missing("public_ids")
    if len(public_ids) > _MAX_PUBLIC_IDS:
        raise ApiError(400, f"Too many public_ids - {len(public_ids)} (maximum is {_MAX_PUBLIC_IDS})")
    kind = call.path["resource_type"], call.params.text("type", "upload")
    found = (cloud.store.find((*kind, public_id)) for public_id in dict.fromkeys(public_ids))
    return [asset for asset in found if asset is not None]


def _others(cloud: Cloud, call: Call, listed: list[Asset]) -> list[Asset]:
    kind = call.path["resource_type"], call.params.text("type", "upload")
    ids = {asset.asset_id for asset in listed}
    return [a for a in cloud.store if (a.resource_type, a.type) == kind and a.asset_id not in ids]


def _answer(cloud: Cloud, listed: list[Asset], changed: set[str]) -> dict[str, Any]:
    everyone = cloud.live.settings.tags_answer == "found"
    return {"public_ids": [asset.public_id for asset in listed if everyone or asset.asset_id in changed]}
