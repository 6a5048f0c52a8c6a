"""The Admin API's search for assets."""

import time
from collections import Counter
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from simulator.api.call import Call
from simulator.assets.assets import Asset
from simulator.assets.bodies import AssetBodies
from simulator.assets.paging import SortOrder, page_of_assets, page_size
from simulator.core.clock import iso_seconds
from simulator.core.errors import ApiError
from simulator.core.params import Params
from simulator.environment import Environment
from simulator.search.expression import compiled
from simulator.search.fields import FIELDS, SORTABLE, aspect_ratio, filename, sort_value

_DEFAULT_PAGE = 50
_COUNTED = ("resource_type", "type", "format")
_MEASURED = ("bytes", "width", "height", "pixels", "aspect_ratio")
_STORED = ("tags", "context", "metadata")
_NEVER_STORED = ("image_metadata", "image_analysis", "quality_analysis", "accessibility_analysis")
_ALWAYS = frozenset({"asset_id", "public_id"})


class _Bucket(Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    from_: float | None = msgspec.field(default=None, name="from")
    to: float | None = None


class _Aggregate(Struct, frozen=True, forbid_unknown_fields=True):
    """A count by the field ``type``. Numbers are counted in ``ranges``: from inclusive, to exclusive."""

    type: str
    ranges: Annotated[tuple[_Bucket, ...], Meta(max_length=100)] = ()


def search(environment: Environment, call: Call) -> dict[str, Any]:
    """Return the assets that match an expression, sorted, in pages, with counts by field if requested."""
    started, params = time.perf_counter(), call.params
    test = compiled(params.text("expression"), call.at)
    orders = _orders(params)
    size = page_size(params, _DEFAULT_PAGE)
    aggregates = [_aggregate(entry) for entry in _entries(params, "aggregate")]
    indexed = call.at - environment.settings.current.search_lag
    found = [asset for asset in environment.store if asset.created_at <= indexed and test(asset)]
    page, cursor = page_of_assets(found, orders, size, params.text("next_cursor"))
    also, fields = _with_field(params), params.names("fields")
    return {
        "total_count": len(found),
        "time": round((time.perf_counter() - started) * 1000),
        **({"next_cursor": cursor} if cursor else {}),
        "resources": [_body(environment.bodies, asset, also, fields) for asset in page],
        **({"aggregations": {a.type: _counts(found, a) for a in aggregates}} if aggregates else {}),
    }


def _body(bodies: AssetBodies, asset: Asset, also: list[str], fields: list[str]) -> dict[str, Any]:
    body = bodies.list_entry(asset, fields or also) | {
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
    return {name: value for name, value in body.items() if name in fields or name in _ALWAYS} if fields else body


def _with_field(params: Params) -> list[str]:
    names = params.names("with_field")
    for name in names:
        if name not in (*_STORED, *_NEVER_STORED):
            raise ApiError(400, f"Invalid value {name} for parameter with_field")
    return names


def _orders(params: Params) -> list[SortOrder]:
    orders: list[SortOrder] = []
    for entry in _entries(params, "sort_by"):
        wanted = _convert(entry, dict[str, Literal["asc", "desc"]], "sort_by")
        for name, direction in wanted.items():
            if name not in SORTABLE:
                raise ApiError(400, f"Invalid value {name} for parameter sort_by")
            orders.append(SortOrder(sort_value(name), direction == "desc"))
    return orders or [SortOrder(sort_value("created_at"), descending=True)]


def _aggregate(entry: Any) -> _Aggregate:
    wanted = _Aggregate(entry) if isinstance(entry, str) else _convert(entry, _Aggregate, "aggregate")
    if wanted.type not in (_MEASURED if wanted.ranges else _COUNTED):
        raise ApiError(400, f"Invalid value {wanted.type} for parameter aggregate")
    return wanted


def _counts(assets: list[Asset], wanted: _Aggregate) -> dict[str, int]:
    values = [value for asset in assets for value in FIELDS[wanted.type].values(asset)]
    if not wanted.ranges:
        return dict(Counter(str(value) for value in values).most_common())
    numbers = [float(value) for value in values]
    return {
        bucket.key: sum(
            (bucket.from_ is None or number >= bucket.from_) and (bucket.to is None or number < bucket.to)
            for number in numbers
        )
        for bucket in wanted.ranges
    }


def _entries(params: Params, name: str) -> list[Any]:
    """Return the entries of a parameter, decoded if it is JSON."""
    value = params.values.get(name, [])
    texts = value if isinstance(value, list) else [value]
    return [_decoded(text, name) if text.startswith(("{", "[")) else text for text in texts if text]


def _decoded(text: str, name: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ApiError(400, f"Invalid value {text[:100]} for parameter {name}") from error


def _convert[T](entry: Any, type_: type[T], name: str) -> T:
    try:
        return msgspec.convert(entry, type_)
    except msgspec.ValidationError as error:
        raise ApiError(400, f"Invalid value for parameter {name} - {error}") from error
