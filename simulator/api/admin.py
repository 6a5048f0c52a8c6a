"""The Admin API: an asset's details by public_id or asset_id, updates, ping, usage and configuration."""

from typing import Any

from simulator.api.call import Call
from simulator.api.edits import apply_changes
from simulator.assets.assets import Asset
from simulator.categorization.categorization import PENDING
from simulator.core.clock import iso_seconds
from simulator.core.errors import ApiError, asset_not_found
from simulator.environment import Environment
from simulator.notifications.changes import Edit


def details(environment: Environment, call: Call) -> dict[str, Any]:
    """Return everything stored about one asset."""
    return environment.bodies.admin_details(_find_asset(environment, call))


def update(environment: Environment, call: Call) -> dict[str, Any]:
    """Change one asset. ``tags`` replaces all its tags, ``categorization`` runs one provider."""
    before, settings = _find_asset(environment, call), environment.settings.current
    request = environment.categorizer.parse_request(call.params, before, update=True)
    new = apply_changes(environment, before, call)
    after = environment.categorizer.run(new, request, call.cause)
    notified = after if "update" in settings.auto_tags_notified else new
    environment.notifier.edited([Edit(before, notified)], call.cause)
    if settings.update_sends_info:
        for provider in _completed(new, after):
            environment.notifier.categorized(after, provider, call.cause)
    return environment.bodies.admin_details(after)


def ping(environment: Environment, call: Call) -> dict[str, Any]:
    """Return ok: the API answers, and the credentials are valid."""
    return {"status": "ok"}


def usage(environment: Environment, call: Call) -> dict[str, Any]:
    """Return what the environment uses: assets, bytes, calls, and each add-on with its limit.

    A ``date`` (day-month-year) must be today's, since the usage of earlier days is not kept.
    """
    today, date = iso_seconds(call.at)[:10], call.path.get("date")
    if date is not None and date != "-".join(reversed(today.split("-"))):
        raise ApiError(400, f"Invalid date {date[:40]} - this simulator knows the usage of today only")
    assets = list(environment.store)
    return {
        "plan": "Plus",
        "last_updated": today,
        "date_requested": iso_seconds(call.at),
        "transformations": _consumption(0, 0),
        "objects": {"usage": len(assets)},
        "bandwidth": _consumption(0, 0),
        "storage": _consumption(sum(asset.bytes for asset in assets), 0),
        "credits": {"usage": 0.0, "limit": 225.0, "used_percent": 0.0},
        "requests": len(environment.calls.records),
        "resources": len(assets),
        "derived_resources": 0,
        **environment.addons.usage(),
        "media_limits": {
            "image_max_size_bytes": 20 * 1024**2,
            "video_max_size_bytes": 2 * 1024**3,
            "raw_max_size_bytes": 20 * 1024**2,
            "image_max_px": 25_000_000,
            "asset_max_total_px": 50_000_000,
        },
    }


def config(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the environment's name and, with ``settings``, its folder mode."""
    answer: dict[str, Any] = {"cloud_name": environment.account.cloud_name, "created_at": "2020-01-01T00:00:00Z"}
    return answer | (
        {"settings": {"folder_mode": environment.settings.current.folder_mode}} if call.params.flag("settings") else {}
    )


def _consumption(usage: int, credits_usage: float) -> dict[str, float]:
    return {"usage": usage, "credits_usage": credits_usage}


def _find_asset(environment: Environment, call: Call) -> Asset:
    if "asset_id" in call.path:
        asset = environment.store.by_id(call.path["asset_id"])
        name = call.path["asset_id"]
    else:
        name = call.path["public_id"]
        asset = environment.store.find((call.path["resource_type"], call.path["type"], name))
    if asset is None:
        raise asset_not_found(name)
    return asset


def _completed(before: Asset, after: Asset) -> list[str]:
    """Return the providers with new results in ``after``; pending ones are left out and notified when they complete."""
    results, earlier = after.categorization, before.categorization
    return [name for name in results if results[name] is not earlier.get(name) and results[name] != PENDING]
