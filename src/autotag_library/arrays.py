"""A library as arrays: every label of every asset, one after another, and what else rules decide on."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any] | np.unsignedinteger[Any]]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NOWHERE: Longs = np.zeros(0, np.int64)
"""No places."""

SEVERAL = 255
"""The provider of an asset for which more than one of the providers is complete."""
NONE = 254
"""The provider of an asset for which none is."""


class Ragged(NamedTuple):
    """Lists of different lengths, one after another: the values of list ``i`` begin at ``first[i]``."""

    first: Longs
    values: Ints

    def of(self, rows: Longs) -> "Picked":
        """Return the values of the lists ``rows``, which are in ascending order."""
        lengths = self.lengths(rows)
        index = ranges(self.first[rows], lengths)
        return Picked(np.repeat(np.arange(len(rows)), lengths), index, self.values[index])

    def lengths(self, rows: Longs) -> Longs:
        """Return how many values the lists ``rows`` have."""
        found: Longs = self.first[rows + 1] - self.first[rows]
        return found

    def rows_of(self, at: Longs) -> Longs:
        """Return the lists that hold the values at these places."""
        return np.searchsorted(self.first, at, side="right") - 1


class Picked(NamedTuple):
    """Values of some lists: ``row`` is the place of the list among those that were asked for, ``at`` the value's."""

    row: Longs
    at: Longs
    values: Ints


def lists_of(lengths: Longs, values: Ints) -> Ragged:
    """Return the lists with these lengths."""
    return Ragged(np.concatenate([[0], np.cumsum(lengths)]), values)


def ranges(starts: Longs, lengths: Longs) -> Longs:
    """Return the numbers of all ranges, one range after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    found: Longs = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
    return found


class Place(NamedTuple):
    """What ``[[when]]`` blocks test besides tags and labels. ``context`` is sorted by key."""

    folder: str
    format: str
    context: tuple[tuple[str, str], ...]
    resource_type: str = ""


class Library(NamedTuple):
    """The assets of a library, in the order of their names.

    ``labels`` are codes of ``names``, which ascend, and ``confidences`` codes of ``values``, which ascend and hold 1;
    both have the same lists, each with the most confident labels first, those of equal confidence by name. ``places``
    are codes of ``place_of``. ``managed``, ``user`` and ``suppressed`` are codes of ``texts``: tags, and keys.
    ``provider`` is the code of the one of ``providers`` whose labels an asset has. ``faulty`` are assets with a label
    that cannot be used, and is not among ``labels``. ``described`` are assets with structured metadata, ``related``
    those with labels whose ancestors are known. ``apart`` are assets that columns do not suffice for: labels of several
    providers, one label twice, tags of a provider whose labels are missing.
    """

    providers: tuple[str, ...]
    names: tuple[str, ...]
    values: Floats
    labels: Ragged
    confidences: Ints
    place_of: tuple[Place, ...]
    places: Ints
    texts: tuple[str, ...]
    managed: Ragged
    user: Ragged
    suppressed: Ragged
    provider: npt.NDArray[np.uint8]
    faulty: Bools
    described: Bools
    related: Bools
    apart: Bools

    @property
    def size(self) -> int:
        """The number of assets."""
        return len(self.provider)

    def code_of(self, confidence: float) -> int:
        """Return the lowest code whose confidence is at least ``confidence``: those from it on reach it."""
        return int(np.searchsorted(self.values, confidence, side="left"))
