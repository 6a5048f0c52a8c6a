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


class SortOrder(NamedTuple):
    """A sort order by the results of ``value``, which must be comparable."""

    value: Callable[[Asset], Any]
    descending: bool = False


ORDER_BY_PUBLIC_ID = SortOrder(lambda asset: asset.public_id)


def order_by_created_at(direction: str) -> SortOrder:
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
    assets: list[Asset], orders: Sequence[SortOrder], size: int, cursor: str
) -> tuple[list[Asset], str | None]:
    """Sort ``assets`` and return at most ``size`` after ``cursor``, and the cursor of the next page, if any.

    A cursor holds the sort values of the last asset returned, so that no asset is skipped if that one is deleted.
    """
    orders = (*orders, SortOrder(lambda asset: asset.asset_id))
    if cursor:
        after = _decoded(cursor, len(orders))
        try:
            assets = [asset for asset in assets if _compare(_sort_values(asset, orders), after, orders) > 0]
        except TypeError as error:  # a cursor from a list with another order
            raise _invalid(cursor) from error
    for order in reversed(orders):
        assets = sorted(assets, key=order.value, reverse=order.descending)
    page = assets[:size]
    return page, _encoded(_sort_values(page[-1], orders)) if len(assets) > size else None


def page_of_names(names: list[str], size: int, cursor: str) -> tuple[list[str], str | None]:
    """Return at most ``size`` of sorted ``names`` after ``cursor``, and the cursor of the next page, if any."""
    if cursor:
        [after] = _decoded(cursor, 1)
        names = [name for name in names if name > after]
    return names[:size], _encoded([names[size - 1]]) if len(names) > size else None


def _sort_values(asset: Asset, orders: Sequence[SortOrder]) -> list[Any]:
    return [order.value(asset) for order in orders]


def _compare(one: list[Any], other: list[Any], orders: Sequence[SortOrder]) -> int:
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
