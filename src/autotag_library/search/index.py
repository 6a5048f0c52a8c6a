"""What a search of an export looks at: the file, its labels and tags as arrays, and what people did to tags."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from autotag.domain.model.labels import label_key
from autotag_library.arrays import Bools, Library, Longs
from autotag_library.columns.load import load
from autotag_library.columns.wishes import wishes_of


class PeopleChanges(NamedTuple):
    """What people last did to tags, a row for each: the asset, the code of the tag's key, and whether it was added.

    ``keys`` are the codes of keys.
    """

    row: Longs
    key: Longs
    added: Bools
    keys: dict[str, int]


class SearchIndex(NamedTuple):
    """An export that can be searched. ``library`` has the labels of those providers that the rules use.

    ``bands`` keeps which assets may have labels in a review band, for the version of the rules that was used last.
    """

    file: Path
    library: Library
    people: PeopleChanges
    bands: dict[str, Bools]


def open_index(file: Path, providers: Iterable[str]) -> SearchIndex:
    """Read what is searched of an export. Raises ``duckdb.Error`` if the file cannot be read."""
    return SearchIndex(file, load(file, providers), read_people(file), {})


def read_people(file: Path) -> PeopleChanges:
    """Return what people last did to tags; what uploads set, and what is withdrawn, is left out."""
    rows: list[int] = []
    codes: list[int] = []
    added: list[bool] = []
    keys: dict[str, int] = {}
    for row, wish in wishes_of(file):
        if not wish.set_by_upload:
            rows.append(row)
            codes.append(keys.setdefault(label_key(wish.tag), len(keys)))
            added.append(wish.want == "add")
    return PeopleChanges(np.array(rows, np.int64), np.array(codes, np.int64), np.array(added, np.bool_), keys)
