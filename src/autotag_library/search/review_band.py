"""Which assets may have a label in a review band: confident enough for a question, but not for a tag."""

import numpy as np

from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag_library.arrays import Bools, Library, Longs
from autotag_library.tables.asset_settings import asset_settings
from autotag_library.tables.plan_table import PlanTables, new_texts

_MOST_PLACES = 20_000
"""Different folders, formats and contexts for which the settings are found within a page's time."""
_BLOCK = 10_000_000
"""Labels that are looked at at once."""


def in_review_band(library: Library, ruleset: Ruleset) -> Bools:
    """Return the assets that may have a label in the review band; all where that takes too long to say.

    The bands of one name under different settings count as one.
    """
    if ruleset.adopts or len(library.place_of) > _MOST_PLACES:
        return np.ones(library.size, np.bool_)
    kinds = asset_settings(library, ruleset)
    low, high = np.full(len(library.names), len(library.values)), np.zeros(len(library.names), np.int64)
    tables = PlanTables(library, new_texts())
    for settings in kinds.settings:
        table = tables.of(settings)
        some = (table.asks < table.bar) & (not table.skip)
        low[some] = np.minimum(low[some], table.asks[some])
        high[some] = np.maximum(high[some], table.bar[some])
    found: Bools = library.apart | library.faulty | kinds.apart
    for begin in range(0, len(library.confidences), _BLOCK):
        found[library.labels.rows_of(_hits(library, low, high, begin))] = True
    return found


def _hits(library: Library, low: Longs, high: Longs, begin: int) -> Longs:
    labels, confidences = (each[begin : begin + _BLOCK] for each in (library.labels.values, library.confidences))
    lowest, highest = int(low.min(initial=len(library.values))), int(high.max(initial=0))
    at = np.flatnonzero((confidences >= lowest) & (confidences < highest))
    names, codes = labels[at], confidences[at]
    hits: Longs = at[(codes >= low[names]) & (codes < high[names])] + begin
    return hits
