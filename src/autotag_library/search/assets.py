"""Whole assets for a search: from the file without the labels, which most rows have as arrays already."""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Label
from autotag_library.arrays import NONE
from autotag_library.columns.rows import assets_of
from autotag_library.search.index import SearchIndex


def assets_at(index: SearchIndex, rows: Sequence[int]) -> Iterator[tuple[int, ScannedAsset]]:
    """Yield the assets in ``rows``, which ascend, with the labels of the library's providers."""
    library = index.library
    given = np.array(rows, np.int64)
    whole = given[library.apart[given] | library.faulty[given]]
    found = dict(assets_of(index.file, whole.tolist())) if len(whole) else {}
    others = given[~np.isin(given, whole)]
    for row, asset in assets_of(index.file, others.tolist(), with_labels=False) if len(others) else ():
        found[row] = _with_labels(index, row, asset)
    yield from sorted(found.items())


def _with_labels(index: SearchIndex, row: int, asset: ScannedAsset) -> ScannedAsset:
    library = index.library
    if library.provider[row] == NONE:
        return asset
    name = library.providers[library.provider[row]]
    low, high = library.labels.first[row], library.labels.first[row + 1]
    codes = library.labels.values[low:high].tolist()
    confidences = library.values[library.confidences[low:high]].tolist()
    labels = tuple(Label(library.names[code], each) for code, each in zip(codes, confidences, strict=True))
    result = replace(asset.categorizations[name], labels=labels)
    return replace(asset, categorizations={**asset.categorizations, name: result})
