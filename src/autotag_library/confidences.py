"""How the confidences of one label are spread over a library, and over the assets that people judged."""

from typing import NamedTuple

import numpy as np

from autotag.domain.model.labels import label_key
from autotag_library.arrays import Bools, Ints, Library, Longs


class Spread(NamedTuple):
    """How many assets have a label with each confidence (0 to 1): all, and those judged right or wrong."""

    pictures: dict[float, int]
    right: dict[float, int]
    wrong: dict[float, int]


def spread_of(library: Library, label: str, judged: Longs, right: Bools) -> Spread:
    """Return the spread of a label. ``judged`` are rows, ``right`` says of each whether the label was right there."""
    key = label_key(label)
    is_name = np.array([label_key(name) == key for name in library.names], np.bool_)
    at = np.flatnonzero(is_name[library.labels.values]) if is_name.any() else np.zeros(0, np.int64)
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
