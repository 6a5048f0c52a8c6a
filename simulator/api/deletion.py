"""The Admin API's deletions: by public_id, asset_id, prefix or tag, or all assets of a type."""

from typing import Any

from simulator.api.call import Call
from simulator.assets.assets import Asset
from simulator.core.errors import missing_parameter
from simulator.environment import Environment

_MAX_IDS = 100
_MAX_DELETED = 1000
"""The most assets that one call deletes; the rest takes another call."""


def delete(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete assets of one resource type and delivery type, selected by the call's parameters."""
    params = call.params
    kind = call.path["resource_type"], call.path["type"]
    if params.ids("public_ids"):
        public_ids = params.limited_ids("public_ids", _MAX_IDS)
        return _delete_named(environment, call, {name: environment.store.find((*kind, name)) for name in public_ids})
    prefix = params.text("prefix")
    if not prefix and not params.flag("all"):
        raise missing_parameter("public_ids, prefix or all")
    assets = [a for a in environment.store if (a.resource_type, a.type) == kind and a.public_id.startswith(prefix)]
    return _delete_many(environment, call, assets)


def delete_by_tag(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete assets of one resource type that have a tag."""
    kind, tag = call.path["resource_type"], call.path["tag"]
    return _delete_many(environment, call, [a for a in environment.store if a.resource_type == kind and tag in a.tags])


def delete_by_asset_ids(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete up to 100 assets by asset_id."""
    asset_ids = call.params.limited_ids("asset_ids", _MAX_IDS)
    return _delete_named(environment, call, {asset_id: environment.store.by_id(asset_id) for asset_id in asset_ids})


def _delete_named(environment: Environment, call: Call, named: dict[str, Asset | None]) -> dict[str, Any]:
    _remove(environment, call, [asset for asset in named.values() if asset is not None])
    originals = 0 if call.params.flag("keep_original") else 1
    return _answer({name: asset is not None for name, asset in named.items()}, originals)


def _delete_many(environment: Environment, call: Call, assets: list[Asset]) -> dict[str, Any]:
    if call.params.flag("keep_original"):
        return _answer({asset.public_id: True for asset in assets[:_MAX_DELETED]}, originals=0)
    _remove(environment, call, assets[:_MAX_DELETED])
    answer = _answer({asset.public_id: True for asset in assets[:_MAX_DELETED]})
    if len(assets) > _MAX_DELETED:
        return answer | {"partial": True, "next_cursor": assets[_MAX_DELETED].asset_id}
    return answer


def _remove(environment: Environment, call: Call, assets: list[Asset]) -> None:
    """Remove assets and notify. With ``keep_original`` do nothing, since the simulator has no derived assets."""
    if call.params.flag("keep_original"):
        return
    for asset in assets:
        environment.store.remove(asset)
    environment.notifier.deleted(assets, call.cause)


def _answer(exists: dict[str, bool], originals: int = 1) -> dict[str, Any]:
    return {
        "deleted": {name: "deleted" if existed else "not_found" for name, existed in exists.items()},
        "deleted_counts": {
            name: {"original": originals if existed else 0, "derived": 0} for name, existed in exists.items()
        },
        "partial": False,
    }
