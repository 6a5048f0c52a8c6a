"""Sets as sorted arrays without duplicates: much faster for these sizes than numpy's own functions for sets."""

import numpy as np

from autotag_library.arrays import Bools, Longs


def unique(values: Longs) -> Longs:
    """Return the values in ascending order, each once."""
    found = np.sort(values)
    return found[begins(found)]


def begins(ascending: Longs) -> Bools:
    """Return where a value differs from the one before it."""
    found = np.ones(len(ascending), np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=found[1:])
    return found


def members(values: Longs, some: Longs) -> Bools:
    """Return which of ``values`` are in the set ``some``."""
    if not len(some):
        return np.zeros(len(values), np.bool_)
    at = np.searchsorted(some, values)
    found: Bools = some[np.minimum(at, len(some) - 1)] == values
    return found


def without(values: Longs, some: Longs) -> Longs:
    """Return those of ``values`` that are not in the set ``some``."""
    return values[~members(values, some)] if len(some) else values


def differences(old: Longs, new: Longs) -> tuple[Longs, Longs]:
    """Return what only ``new`` has, and what only ``old`` has; both are sets."""
    both = np.sort(np.concatenate([old * 2, new * 2 + 1]))
    values = both >> 1
    first = begins(values)
    alone = both[first & np.append(first[1:], True)]
    is_new = (alone & 1).astype(np.bool_)
    return alone[is_new] >> 1, alone[~is_new] >> 1


def pairs_in(rows: Longs, codes: Longs, count: int, some: Longs) -> Bools:
    """Return which pairs are in the set ``some``, whose members are a row times ``count`` plus a code below it.

    Only rows of which ``some`` has a pair are looked up; they are few.
    """
    found = np.zeros(len(rows), np.bool_)
    if not len(some) or not len(rows):
        return found
    has = np.zeros(int(max(rows.max(), some[-1] // count)) + 1, np.bool_)
    has[some // count] = True
    at = np.flatnonzero(has[rows])
    found[at] = members(rows[at] * count + codes[at], some)
    return found


def sorted_rows(columns: tuple[Longs, ...], bounds: tuple[int, ...]) -> tuple[Longs, ...]:
    """Return the columns sorted by the first one, then the second, and so on.

    Every column holds numbers from 0 to below its bound. Where all of them fit into one number, sorting numbers is many
    times faster than sorting rows.
    """
    bits = [max(1, (bound - 1).bit_length()) for bound in bounds]
    if sum(bits) > 63:
        order = np.lexsort(columns[::-1])
        return tuple(column[order] for column in columns)
    packed = columns[0].copy()
    for column, width in zip(columns[1:], bits[1:], strict=True):
        packed <<= width
        packed |= column
    packed.sort()
    found = []
    for width in reversed(bits[1:]):
        found.append(packed & ((1 << width) - 1))
        packed >>= width
    return packed, *reversed(found)
