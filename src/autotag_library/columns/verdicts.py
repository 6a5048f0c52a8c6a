"""Reading what people said of labels: the tags that they added and removed, by the labels that these stood for."""

from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from autotag.domain.model.labels import label_key
from autotag.domain.state.asset_state import TagPreference
from autotag_library.arrays import Bools, Longs
from autotag_library.columns.connection import connect, only

_DECODER = msgspec.json.Decoder(tuple[TagPreference, ...])


class Verdicts(Struct, frozen=True):
    """What people said of one label: the rows of the assets, and whether its tag was added there, or else removed."""

    rows: Longs
    added: Bools


NO_VERDICTS = Verdicts(np.zeros(0, np.int64), np.zeros(0, np.bool_))


def read_verdicts(file: Path) -> dict[str, Verdicts]:
    """Return the verdicts of an export by the keys of labels. Raises ``duckdb.Error`` if it cannot be read."""
    found: dict[str, tuple[list[int], list[bool]]] = {}
    with closing(connect()) as db:
        cursor = db.execute(
            "SELECT n, wishes::VARCHAR FROM exported($file) WHERE wishes::VARCHAR <> '[]' ORDER BY n",
            {"file": only(file)},
        )
        while page := cursor.fetchmany(10_000):
            for row, wishes in page:
                for wish in _DECODER.decode(wishes):
                    for key in () if wish.withdrawn else wish.labels or (label_key(wish.tag),):
                        rows, added = found.setdefault(key, ([], []))
                        rows.append(row)
                        added.append(wish.want == "add")
    return {key: Verdicts(np.array(rows, np.int64), _bools(added)) for key, (rows, added) in found.items()}


def _bools(values: list[bool]) -> npt.NDArray[np.bool_]:
    return np.array(values, np.bool_)
