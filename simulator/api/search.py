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
from simulator.search.expression import compile_expression
from simulator.search.fields import FIELDS, SORTABLE, aspect_ratio, filename, sort_value

_DEFAULT_PAGE = 50
_TEXT_AGGREGATES = ("resource_type", "type", "format")
_RANGE_AGGREGATES = ("bytes", "width", "height", "pixels", "aspect_ratio")
_STORED_FIELDS = ("tags", "context", "metadata")
_UNSUPPORTED_FIELDS = ("image_metadata", "image_analysis", "quality_analysis", "accessibility_analysis")
_ID_FIELDS = frozenset({"asset_id", "public_id"})


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
    matches = compile_expression(params.text("expression"), call.at)
    orders = _orders(params)
    size = page_size(params, _DEFAULT_PAGE)
    aggregates = [_aggregate(entry) for entry in _entries(params, "aggregate")]
    index_time = call.at - environment.settings.current.search_lag
    assets = [asset for asset in environment.store if asset.created_at <= index_time and matches(asset)]
    page, cursor = page_of_assets(assets, orders, size, params.text("next_cursor"))
    include, fields = _with_field(params), params.names("fields")
    return {
        "total_count": len(assets),
        "time": round((time.perf_counter() - started) * 1000),
        **({"next_cursor": cursor} if cursor else {}),
        "resources": [_body(environment.bodies, asset, include, fields) for asset in page],
        **({"aggregations": {a.type: _counts(assets, a) for a in aggregates}} if aggregates else {}),
    }


def _body(bodies: AssetBodies, asset: Asset, include: list[str], fields: list[str]) -> dict[str, Any]:
    body = bodies.list_entry(asset, fields or include) | {
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
    return {name: value for name, value in body.items() if name in fields or name in _ID_FIELDS} if fields else body


def _with_field(params: Params) -> list[str]:
    names = params.names("with_field")
    for name in names:
        if name not in (*_STORED_FIELDS, *_UNSUPPORTED_FIELDS):
            raise ApiError(400, f"Invalid value {name} for parameter with_field")
    return names


def _orders(params: Params) -> list[SortOrder]:
    orders: list[SortOrder] = []
    for entry in _entries(params, "sort_by"):
        directions = _convert(entry, dict[str, Literal["asc", "desc"]], "sort_by")
        for name, direction in directions.items():
            if name not in SORTABLE:
                raise ApiError(400, f"Invalid value {name} for parameter sort_by")
            orders.append(SortOrder(sort_value(name), direction == "desc"))
    return orders or [SortOrder(sort_value("created_at"), descending=True)]


def _aggregate(entry: Any) -> _Aggregate:
    aggregate = _Aggregate(entry) if isinstance(entry, str) else _convert(entry, _Aggregate, "aggregate")
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
