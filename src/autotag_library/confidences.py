"""How the confidences of one label are spread over a library, and over the assets that people judged."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from autotag.domain.model.labels import label_key
from autotag_library.arrays import NOWHERE, Bools, Ints, Library, Longs


class Spread(NamedTuple):
    """How many assets have a label with each confidence (0 to 1): all, and those judged right or wrong."""

    pictures: dict[float, int]
    right: dict[float, int]
    wrong: dict[float, int]


def places_of_label(library: Library, label: str) -> Longs:
    """Return where a label is among ``library.labels``, in any of its spellings."""
    codes = spellings(library.names, label)
    labels = library.labels.values
    if not codes:
        return NOWHERE
    if len(codes) == 1:  # the usual case, and ten times as fast
        return np.flatnonzero(labels == codes[0])
    wanted = np.zeros(len(library.names), np.bool_)
    wanted[codes] = True
    return np.flatnonzero(wanted[labels])


def spellings(texts: Sequence[str], name: str) -> list[int]:
    """Return the codes of all spellings of a name."""
    key = label_key(name)
    return [code for code, each in enumerate(texts) if label_key(each) == key]


def spread_of(library: Library, label: str, judged: Longs, right: Bools) -> Spread:
    """Return the spread of a label. ``judged`` are rows, ``right`` says of each whether the label was right there."""
    at = places_of_label(library, label)
    rows, codes = library.labels.rows_of(at), library.confidences[at]
    return Spread(
        _counted(library, codes),
        _counted(library, codes[np.isin(rows, judged[right])]),
        _counted(library, codes[np.isin(rows, judged[~right])]),
    )


def _counted(library: Library, codes: Ints) -> dict[float, int]:
    numbers = np.bincount(codes, minlength=1)
    held = np.flatnonzero(numbers)
    return dict(zip(library.values[held].tolist(), numbers[held].tolist(), strict=True))
