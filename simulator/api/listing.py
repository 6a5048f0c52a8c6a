"""The Admin API's lists: assets by type, tag, context, folder or ids, and tags."""

from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import Any

from simulator.api.call import Call
from simulator.assets.assets import Asset
from simulator.assets.media import RESOURCE_TYPES
from simulator.assets.paging import (
    ORDER_BY_PUBLIC_ID,
    SortOrder,
    order_by_created_at,
    page_of_assets,
    page_of_names,
    page_size,
)
from simulator.core.errors import ApiError, missing_parameter
from simulator.core.time_parsing import parse_time
from simulator.environment import Environment

_DEFAULT_PAGE = 10
_MAX_IDS = 100
_OPTIONAL_FIELDS = ("tags", "context", "metadata")
_ALWAYS = frozenset({"asset_id", "public_id", "folder"})
"""Keys of an asset whose ``fields`` are chosen; only accounts with fixed folders have ``folder``.

Source: cloudinary_npm api_spec, "selective response". Not known: whether dynamic-folder accounts list ``asset_folder``.
"""


def resource_types(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the resource types."""
    return {"resource_types": list(RESOURCE_TYPES)}


def resources(environment: Environment, call: Call) -> dict[str, Any]:
    """Return assets of one resource type and delivery type: all, or those with a prefix or with given public_ids."""
    params, kind = call.params, (call.path["resource_type"], call.path.get("type", "upload"))
    if params.ids("public_ids"):
        public_ids = params.limited_ids("public_ids", _MAX_IDS)
        named = (environment.store.find((*kind, public_id)) for public_id in public_ids)
        return {"resources": _entries(environment, call, (asset for asset in named if asset is not None))}
    assets = [asset for asset in environment.store if (asset.resource_type, asset.type) == kind]
    prefix = params.text("prefix")
    if prefix:
        return _page(environment, call, [a for a in assets if a.public_id.startswith(prefix)], ORDER_BY_PUBLIC_ID)
    start_at = params.text("start_at")
    if start_at:
        start_time = _start_time(start_at)
        assets = [asset for asset in assets if asset.created_at >= start_time]
    return _page(environment, call, assets)


def by_tag(environment: Environment, call: Call) -> dict[str, Any]:
    """Return assets of one resource type that have a tag."""
    tag = call.path["tag"]
    return _page(environment, call, [asset for asset in _of_type(environment, call) if tag in asset.tags])


def by_context(environment: Environment, call: Call) -> dict[str, Any]:
    """Return assets of one resource type whose context has a key and, if one is sent, a value."""
    key, value = call.params.required("key"), call.params.values.get("value")
    assets = [a for a in _of_type(environment, call) if key in a.context and value in (None, a.context[key])]
    return _page(environment, call, assets)


def by_asset_folder(environment: Environment, call: Call) -> dict[str, Any]:
    """Return assets directly in a folder, not those in its subfolders."""
    if "asset_folder" not in call.params.values:
        raise missing_parameter("asset_folder")
    folder = call.params.text("asset_folder").strip("/")
    return _page(environment, call, [asset for asset in environment.store if environment.folders.of(asset) == folder])


def by_asset_ids(environment: Environment, call: Call) -> dict[str, Any]:
    """Return up to 100 assets by asset_id."""
    named = (environment.store.by_id(asset_id) for asset_id in call.params.limited_ids("asset_ids", _MAX_IDS))
    return {"resources": _entries(environment, call, (asset for asset in named if asset is not None))}


def tags(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the tags of all assets of one resource type, in alphabetical order."""
    prefix = call.params.text("prefix")
    names = {tag for asset in _of_type(environment, call) for tag in asset.tags if tag.startswith(prefix)}
    size = page_size(call.params, _DEFAULT_PAGE)
    page, cursor = page_of_names(sorted(names), size, call.params.text("next_cursor"))
    return {"tags": page, **_next(cursor)}


def _page(
    environment: Environment, call: Call, assets: list[Asset], order: SortOrder[Asset] | None = None
) -> dict[str, Any]:
    orders = [order or order_by_created_at(call.params.text("direction"))]
    size = page_size(call.params, _DEFAULT_PAGE)
    page, cursor = page_of_assets(assets, orders, size, call.params.text("next_cursor"))
    return {"resources": _entries(environment, call, page), **_next(cursor)}


def _entries(environment: Environment, call: Call, assets: Iterable[Asset]) -> list[dict[str, Any]]:
    fields = call.params.names("fields")
    include = fields or [name for name in _OPTIONAL_FIELDS if call.params.flag(name)]
    entries = [environment.bodies.list_entry(asset, include) for asset in assets]
    if not fields:
        return entries
    kept = _ALWAYS.union(fields)
    return [{name: value for name, value in entry.items() if name in kept} for entry in entries]


def _next(cursor: str | None) -> dict[str, str]:
    return {"next_cursor": cursor} if cursor else {}


def _of_type(environment: Environment, call: Call) -> list[Asset]:
    return [asset for asset in environment.store if asset.resource_type == call.path["resource_type"]]


def _start_time(text: str) -> float:
    """Return the unix seconds of ``start_at``, as the Python SDK documents it or as the Node SDK writes a date."""
    unix_seconds = parse_time(text)
    if unix_seconds is not None:
        return unix_seconds
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError as error:
        raise ApiError(400, f"Invalid start_at {text}") from error
