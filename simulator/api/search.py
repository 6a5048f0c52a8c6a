"""The Admin API's search for assets."""

import time
from collections import Counter
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from simulator.api.call import Call
from simulator.assets.assets import Asset
from simulator.assets.paging import SEARCH_PAGE, page_of_assets, page_size
from simulator.core.clock import iso_seconds
from simulator.core.errors import ApiError
from simulator.core.params import Params
from simulator.environment import Environment
from simulator.search.asset_fields import FIELDS, aspect_ratio, asset_fields, filename
from simulator.search.expression import compile_expression
from simulator.search.sorting import convert, json_entries, sort_orders

_TEXT_AGGREGATES = ("resource_type", "type", "format")
_RANGE_AGGREGATES = ("bytes", "width", "height", "pixels", "aspect_ratio")
_STORED_FIELDS = ("tags", "context", "metadata")
_MEDIA_FIELDS = ("image_metadata", "image_analysis", "quality_analysis", "accessibility_analysis")
_ALWAYS = frozenset(
    {"asset_id", "public_id", "created_at", "status", "type", "resource_type", "folder", "asset_folder"}
)
"""Keys of an asset whose ``fields`` are chosen. Source: cloudinary_npm search_spec, "should only include selected keys
when using fields", which lists ``folder``; that dynamic-folder accounts answer ``asset_folder`` is inferred."""


class _Range(Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    from_: float | None = msgspec.field(default=None, name="from")
    to: float | None = None


class _Aggregate(Struct, frozen=True, forbid_unknown_fields=True):
    """A count by the field ``type``. Numbers are counted in ``ranges``: from inclusive, to exclusive."""

    type: str
    ranges: Annotated[tuple[_Range, ...], Meta(max_length=100)] = ()


def search(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the assets that match an expression, sorted, in pages, with counts by field if requested."""
    started, params = time.perf_counter(), call.params
    searched = asset_fields(environment.metadata_fields.types())
    matches = compile_expression(params.text("expression"), call.at, searched)
    orders = sort_orders(params, searched)
    size = page_size(params, SEARCH_PAGE)
    aggregates = [_aggregate(entry) for entry in json_entries(params, "aggregate")]
    index_time = call.at - environment.settings.current.search_lag
    indexed = [environment.folders.located(asset) for asset in environment.store if asset.created_at <= index_time]
    assets = [asset for asset in indexed if matches(asset)]
    page, cursor = page_of_assets(assets, orders, size, params.text("next_cursor"))
    include, fields = _with_field(params), params.names("fields")
    return {
        "total_count": len(assets),
        "time": round((time.perf_counter() - started) * 1000),
        **({"next_cursor": cursor} if cursor else {}),
        "resources": [_body(environment, asset, include, fields) for asset in page],
        **({"aggregations": {a.type: _counts(assets, a) for a in aggregates}} if aggregates else {}),
    }


def _body(environment: Environment, asset: Asset, include: list[str], fields: list[str]) -> dict[str, Any]:
    """Return one asset of the answer.

    In contrast to lists of the Admin API, ``format`` is there without a value, too (cloudinary-cli reads it of every
    asset), and ``context`` has no ``custom`` around it (pycloudinary test_search.py, "should include context").
    """
    body = environment.bodies.list_entry(asset, fields or include) | {
        "format": asset.format or None,
        "filename": filename(asset),
        "uploaded_at": iso_seconds(asset.created_at),
        "backup_bytes": 0,
        "aspect_ratio": aspect_ratio(asset),
        "pixels": asset.width * asset.height,
        "status": "active",
        "access_mode": "public",
        "access_control": None,
        "etag": asset.etag,
    }
    if "context" in body:
        body["context"] = asset.context
    if "image_metadata" in (fields or include) and asset.resource_type == "image":
        body["image_metadata"] = {}  # the simulator reads no embedded metadata, so it finds none
    return {name: value for name, value in body.items() if name in fields or name in _ALWAYS} if fields else body


def _with_field(params: Params) -> list[str]:
    names = params.names("with_field")
    for name in names:
        if name not in (*_STORED_FIELDS, *_MEDIA_FIELDS):
            raise ApiError(400, f"Invalid value {name} for parameter with_field")
    return names


def _aggregate(entry: Any) -> _Aggregate:
    aggregate = _Aggregate(entry) if isinstance(entry, str) else convert(entry, _Aggregate, "aggregate")
    if aggregate.type not in (_RANGE_AGGREGATES if aggregate.ranges else _TEXT_AGGREGATES):
        raise ApiError(400, f"Invalid value {aggregate.type} for parameter aggregate")
    return aggregate


def _counts(assets: list[Asset], aggregate: _Aggregate) -> dict[str, int]:
    values = [value for asset in assets for value in FIELDS[aggregate.type].values(asset)]
    if not aggregate.ranges:
        return dict(Counter(str(value) for value in values).most_common())
    numbers = [float(value) for value in values]
    return {
        range_.key: sum(
            (range_.from_ is None or number >= range_.from_) and (range_.to is None or number < range_.to)
            for number in numbers
        )
        for range_ in aggregate.ranges
    }
