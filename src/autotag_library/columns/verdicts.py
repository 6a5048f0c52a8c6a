"""Reading what people said of labels: the tags that they added and removed, by the labels that these stood for."""

from pathlib import Path

import numpy as np
from msgspec import Struct

from autotag.domain.model.labels import label_key
from autotag_library.arrays import Bools, Longs
from autotag_library.columns.wishes import wishes_of


class Verdicts(Struct, frozen=True):
    """What people said of one label: the rows of the assets, and whether its tag was added there, or else removed."""

    rows: Longs
    added: Bools


NO_VERDICTS = Verdicts(np.zeros(0, np.int64), np.zeros(0, np.bool_))


def read_verdicts(file: Path) -> dict[str, Verdicts]:
    """Return the verdicts of an export by the keys of labels. Raises ``duckdb.Error`` if it cannot be read."""
    found: dict[str, tuple[list[int], list[bool]]] = {}
    for row, wish in wishes_of(file):
        for key in wish.labels or (label_key(wish.tag),):
            rows, added = found.setdefault(key, ([], []))
            rows.append(row)
            added.append(wish.want == "add")
    return {key: Verdicts(np.array(rows, np.int64), np.array(added, np.bool_)) for key, (rows, added) in found.items()}
