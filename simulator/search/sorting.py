"""The sort orders that a search asks for, and the decoding of its parameters that hold JSON."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from simulator.assets.paging import SortOrder
from simulator.core.errors import ApiError
from simulator.core.params import Params
from simulator.search.fields import Field, Fields, Value


def sort_orders[T](params: Params, fields: Fields[T]) -> list[SortOrder[T]]:
    """Return the orders of ``sort_by``: ``{"public_id": "asc"}`` or ``public_id:asc``. Raises ``ApiError`` 400.

    Without any, the youngest comes first (Search API reference, ``sort_by``). GET requests of
    cloudinary/asset-management-js write the second form.
    """
    orders: list[SortOrder[T]] = []
    for entry in json_entries(params, "sort_by"):
        pairs = dict([entry.split(":", 1)]) if isinstance(entry, str) and ":" in entry else entry
        for name, direction in convert(pairs, dict[str, Literal["asc", "desc"]], "sort_by").items():
            if name not in fields.sortable:
                raise ApiError(400, f"Invalid value {name} for parameter sort_by")
            orders.append(SortOrder(_sort_value(fields.sortable[name]), direction == "desc"))
    return orders or [SortOrder(_sort_value(fields.sortable["created_at"]), descending=True)]


def json_entries(params: Params, name: str) -> list[Any]:
    """Return the entries of a parameter, decoded if it is JSON. Raises ``ApiError`` 400."""
    value = params.values.get(name, [])
    texts = value if isinstance(value, list) else [value]
    return [_decoded(text, name) if text.startswith(("{", "[")) else text for text in texts if text]


def convert[T](entry: Any, type_: type[T], name: str) -> T:
    """Return decoded JSON as ``type_``. Raises ``ApiError`` 400 about the parameter ``name``."""
    try:
        return msgspec.convert(entry, type_)
    except msgspec.ValidationError as error:
        raise ApiError(400, f"Invalid value for parameter {name} - {error}") from error


def _sort_value[T](field: Field[T]) -> Callable[[T], Value]:
    """Return the sort key of a field. Entries without a value are sorted as if it were empty."""
    empty: Value = "" if field.kind in ("text", "folder") else 0.0
    return lambda entry: next(iter(field.values(entry)), empty)


def _decoded(text: str, name: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ApiError(400, f"Invalid value {text[:100]} for parameter {name}") from error
