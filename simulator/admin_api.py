"""The Admin API: an asset's details by public_id or asset_id, updates, deletion, ping and usage."""

from typing import Any

from simulator.api import Call
from simulator.assets import Asset
from simulator.clock import iso_seconds
from simulator.cloud import Cloud
from simulator.edits import edited
from simulator.errors import ApiError, missing, not_found
from simulator.tags import difference

_MAX_PUBLIC_IDS = 100


def details(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Everything stored about one asset."""
    return cloud.bodies.resource(_named(cloud, call))


def update(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Change one asset; ``tags`` is the whole new list, ``categorization`` runs one provider."""
    before = _named(cloud, call)
    wanted = cloud.categorizer.parse(call.params, before, update=True)
    after = cloud.categorizer.run(edited(before, call), wanted, call.cause)
    change = difference(before.tags, after.tags)
    if change:
        cloud.notifier.tags_changed([(after, change)], call.cause)
    if before.context != after.context:
        cloud.notifier.context_changed([(after, before.context)], call.cause)
    return cloud.bodies.resource(after)


def delete(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Delete up to 100 assets by public_id."""
    public_ids = call.params.ids("public_ids")
    if not public_ids:
        raise missing("public_ids")
    if len(public_ids) > _MAX_PUBLIC_IDS:
        raise ApiError(400, f"Too many public_ids - {len(public_ids)} (maximum is {_MAX_PUBLIC_IDS})")
    kind = call.path["resource_type"], call.path["type"]
    found = {public_id: cloud.store.find((*kind, public_id)) for public_id in public_ids}
    gone = [asset for asset in found.values() if asset is not None]
    for asset in gone:
        cloud.store.remove(asset)
    cloud.notifier.deleted(gone, call.cause)
    deleted = {public_id: "deleted" if asset else "not_found" for public_id, asset in found.items()}
    return {"deleted": deleted, "partial": False}


def ping(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Is the API there, and are the credentials right?"""
    return {"status": "ok"}


def usage(cloud: Cloud, call: Call) -> dict[str, Any]:
    """What the environment has used: assets, bytes, Admin calls, and each add-on against its limit."""
    assets = list(cloud.store)
    limit = cloud.live.settings.addon_limit
    addons = {name: {"usage": cloud.categorizer.used[name], "limit": limit} for name in cloud.live.settings.addons}
    return {
        "plan": "Simulator",
        "last_updated": iso_seconds(call.at)[:10],
        "date_requested": iso_seconds(call.at),
        "objects": {"usage": len(assets)},
        "storage": {"usage": sum(asset.bytes for asset in assets)},
        "requests": len(cloud.calls.records),
        "resources": len(assets),
        "derived_resources": 0,
        **addons,
    }


def _named(cloud: Cloud, call: Call) -> Asset:
    if "asset_id" in call.path:
        asset = cloud.store.by_id(call.path["asset_id"])
        name = call.path["asset_id"]
    else:
        name = call.path["public_id"]
        asset = cloud.store.find((call.path["resource_type"], call.path["type"], name))
    if asset is None:
        raise not_found(name)
    return asset
