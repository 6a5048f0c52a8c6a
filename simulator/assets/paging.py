"""Pages of sorted lists, with cursors that stay valid while assets are added and deleted."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from simulator.assets.assets import Asset
from simulator.core.errors import ApiError
from simulator.core.params import Params

MAX_PAGE = 500
SEARCH_PAGE = 50
"""Results of a search without ``max_results`` (Search API reference); lists have defaults of their own."""


class SortOrder[T](NamedTuple):
    """A sort order by the results of ``value``, which must be comparable."""

    value: Callable[[T], Any]
    descending: bool = False


ORDER_BY_PUBLIC_ID: SortOrder[Asset] = SortOrder(lambda asset: asset.public_id)


def order_by_created_at(direction: str) -> SortOrder[Asset]:
    """Return the order by creation time; ``direction`` is asc, desc or empty (desc). Raises ``ApiError`` 400."""
    if direction not in ("", "asc", "desc"):
        raise ApiError(400, f"Invalid direction {direction} - must be asc or desc")
    return SortOrder(lambda asset: asset.created_at, direction != "asc")


def page_size(params: Params, default: int) -> int:
    """Return a call's ``max_results``, 1 to 500. Raises ``ApiError`` 400."""
    text = params.text("max_results") or str(default)
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= MAX_PAGE:
        raise ApiError(400, f"Invalid max_results {text} - must be between 1 and {MAX_PAGE}")
    return int(text)


def page_of_assets(
    assets: list[Asset], orders: Sequence[SortOrder[Asset]], size: int, cursor: str
) -> tuple[list[Asset], str | None]:
    """Return the page of ``page_of``; assets with equal sort values come in the order of their asset_ids."""
    return page_of(assets, (*orders, SortOrder(lambda asset: asset.asset_id)), size, cursor)


def page_of[T](entries: list[T], orders: Sequence[SortOrder[T]], size: int, cursor: str) -> tuple[list[T], str | None]:
    """Sort ``entries`` and return at most ``size`` after ``cursor``, and the cursor of the next page, if any.

    No two entries may be equal by all ``orders``. A cursor holds the sort values of the last entry returned, so that no
    entry is skipped if that one is deleted.
    """
    if cursor:
        after = _decoded(cursor, len(orders))
        try:
            entries = [entry for entry in entries if _compare(_sort_values(entry, orders), after, orders) > 0]
        except TypeError as error:  # a cursor from a list with another order
            raise _invalid(cursor) from error
    for order in reversed(orders):
        entries = sorted(entries, key=order.value, reverse=order.descending)
    page = entries[:size]
    return page, _encoded(_sort_values(page[-1], orders)) if len(entries) > size else None


def page_of_names(names: list[str], size: int, cursor: str) -> tuple[list[str], str | None]:
    """Return at most ``size`` of sorted ``names`` after ``cursor``, and the cursor of the next page, if any."""
    if cursor:
        [after] = _decoded(cursor, 1)
        names = [name for name in names if name > after]
    return names[:size], _encoded([names[size - 1]]) if len(names) > size else None


def _sort_values[T](entry: T, orders: Sequence[SortOrder[T]]) -> list[Any]:
    return [order.value(entry) for order in orders]


def _compare(one: list[Any], other: list[Any], orders: Sequence[SortOrder[Any]]) -> int:
    for a, b, order in zip(one, other, orders, strict=True):
        if a != b:
            return -1 if (a < b) != order.descending else 1
    return 0


def _encoded(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def _decoded(cursor: str, length: int) -> list[Any]:
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[Any])
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _invalid(cursor) from error
    if len(values) != length:
        raise _invalid(cursor)
    return values


def _invalid(cursor: str) -> ApiError:
    return ApiError(400, f"Invalid next_cursor {cursor[:100]}")
