"""Which settings each asset has: those of the ``[[when]]`` blocks that match its place and its tags."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from autotag.domain.model.labels import label_key
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.compiled.settings import Settings
from autotag_library.arrays import Bools, Library, Longs
from autotag_library.sets import unique


class AssetSettings(NamedTuple):
    """The different settings, and the code of each asset's.

    ``apart``: a block may match by its labels or its metadata as well.
    """

    settings: Sequence[Settings]
    codes: Longs
    apart: Bools


def asset_settings(library: Library, ruleset: Ruleset) -> AssetSettings:
    """Return the settings of all assets as if no block matched by labels or metadata."""
    tested, tag_sets = _tested_tags(library, ruleset)
    pairs = library.places.astype(np.int64) * len(tag_sets) + tested
    kinds = unique(pairs)
    known: dict[int, int] = {}
    settings: list[Settings] = []
    of_kind = []
    for kind in kinds.tolist():
        place, tags = library.place_of[kind // len(tag_sets)], tag_sets[kind % len(tag_sets)]
        subject = Subject(place.folder, place.format, dict(place.context), tags, resource_type=place.resource_type)
        found = ruleset.settings_for(subject, {})
        if id(found) not in known:
            known[id(found)] = len(settings)
            settings.append(found)
        of_kind.append(known[id(found)])
    apart = _by_labels(library, ruleset)
    if ruleset.tests_metadata:
        apart = apart | library.described
    return AssetSettings(settings, np.array(of_kind, np.int64)[np.searchsorted(kinds, pairs)], apart)


def _tested_tags(library: Library, ruleset: Ruleset) -> tuple[Longs, list[tuple[str, ...]]]:
    """Return the code of those of each asset's tags that blocks test, and these sets of tags."""
    codes = np.zeros(library.size, np.int64)
    known: dict[tuple[str, ...], int] = {(): 0}
    tested = ruleset.tested_tags
    if not tested:
        return codes, list(known)
    is_tested = np.array([label_key(text) in tested for text in library.texts], np.bool_)
    hits = np.flatnonzero(is_tested[library.user.values]) if len(library.texts) else np.zeros(0, np.int64)
    rows = library.user.rows_of(hits)
    by_row: dict[int, list[str]] = {}
    for row, text in zip(rows.tolist(), library.user.values[hits].tolist(), strict=True):
        by_row.setdefault(row, []).append(library.texts[text])
    for row, tags in by_row.items():
        codes[row] = known.setdefault(tuple(sorted(tags)), len(known))
    return codes, list(known)


def _by_labels(library: Library, ruleset: Ruleset) -> Bools:
    """Return which assets have a label that a block tests, or one that cannot be used: blocks test those as well."""
    tested = ruleset.tested_labels
    if not tested:
        return np.zeros(library.size, np.bool_)
    found = library.faulty.copy()
    is_tested = np.array([label_key(name) in tested for name in library.names], np.bool_)
    if is_tested.any():
        hits = np.flatnonzero(is_tested[library.labels.values])
        found[library.labels.rows_of(hits)] = True
    return found
