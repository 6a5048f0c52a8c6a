"""Which rows of an export fulfill a condition: of those that no decision is needed for, all; of others, which may."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any, assert_never

import numpy as np

from autotag.domain.model.labels import label_key
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.search.match import folded, in_folder
from autotag.domain.search.query import (
    ChangedByPerson,
    Confidences,
    Decided,
    DecidedBy,
    InFolder,
    InStatus,
    Labeled,
    Named,
    Query,
    Tagged,
)
from autotag_library.arrays import NONE, Bools, Library, Longs
from autotag_library.columns.connection import connect, only
from autotag_library.confidences import places_of_label, spellings
from autotag_library.search.index import SearchIndex
from autotag_library.search.review_band import in_review_band

_NAMED = "SELECT n FROM exported($file) WHERE contains(lower(public_id), $text)"
_IN_STATUS = "SELECT n FROM exported($file) WHERE status = $status"
_IN_FOLDERS = """
    SELECT n FROM exported($file) WHERE coalesce(folder, '') IN (SELECT unnest($folders::VARCHAR[]))
"""


def candidates(index: SearchIndex, query: Query, ruleset: Ruleset) -> Longs:
    """Return the rows that may match: those that do, but for terms about what the rules decide."""
    found = np.ones(index.library.size, np.bool_)
    for term in query.terms:
        if not isinstance(term.condition, Decided | DecidedBy):
            fulfilled = _fulfilling(index, term.condition)
            found &= ~fulfilled if term.negated else fulfilled
        elif not term.negated:
            found &= _possible(index, term.condition, ruleset)
    return np.flatnonzero(found)


def _fulfilling(
    index: SearchIndex, condition: Named | Tagged | Labeled | InFolder | InStatus | ChangedByPerson
) -> Bools:
    library = index.library
    match condition:
        case Named(text):
            # both fold character by character, which a test compares for every character
            return _selected(index, _NAMED, {"text": folded(text)})
        case Tagged(tag):
            texts = spellings(library.texts, tag)
            return _lists_with(library, "managed", texts) | _lists_with(library, "user", texts)
        case Labeled(label, confidences):
            return _labeled(library, label, confidences)
        case InFolder(glob):
            return _in_folder(index, glob)
        case InStatus(status):
            return _selected(index, _IN_STATUS, {"status": status})
        case ChangedByPerson(want, tag):
            people = index.people
            chosen = people.added == (want == "add")
            if tag:
                chosen &= people.key == people.keys.get(label_key(tag), -1)
            return _mask(library, people.row[chosen])
        case _:
            assert_never(condition)


def _possible(index: SearchIndex, condition: Decided | DecidedBy, ruleset: Ruleset) -> Bools:
    """Return the assets for which the rules may decide so."""
    library = index.library
    decided: Bools = library.provider != NONE
    match condition:
        case Decided("suppressed"):
            return decided & (np.diff(library.suppressed.first) > 0)
        case Decided("review" | "given"):
            return decided & _band(index, ruleset)
        case DecidedBy(place=place) if place.label is not None and place.key == "threshold":
            # a threshold decides on the label alone that it is for; parents have parents of their own
            return decided & _labeled(library, place.label, Confidences())
    return decided


def _band(index: SearchIndex, ruleset: Ruleset) -> Bools:
    """Return the assets with labels in the review band of these rules, which is kept for the next page."""
    known = index.bands.get(ruleset.version)
    if known is None:
        known = in_review_band(index.library, ruleset)
        index.bands.clear()
        index.bands[ruleset.version] = known
    return known


def _labeled(library: Library, label: str, confidences: Confidences) -> Bools:
    at = places_of_label(library, label)
    low = np.searchsorted(library.values, confidences.low, "right" if confidences.above else "left")
    high = np.searchsorted(library.values, confidences.high, "left" if confidences.below else "right")
    found = library.confidences[at]
    return _mask(library, library.labels.rows_of(at[(found >= low) & (found < high)]))


def _lists_with(library: Library, name: str, codes: Sequence[int]) -> Bools:
    lists = getattr(library, name)
    wanted = np.zeros(len(library.texts), np.bool_)
    wanted[list(codes)] = True
    hits = np.flatnonzero(wanted[lists.values]) if codes else np.zeros(0, np.int64)
    return _mask(library, lists.rows_of(hits))


def _in_folder(index: SearchIndex, glob: str) -> Bools:
    with closing(connect()) as db:
        folders = db.execute(
            "SELECT DISTINCT coalesce(folder, '') FROM exported($file)", {"file": only(index.file)}
        ).fetchall()
    chosen = [folder for (folder,) in folders if in_folder(glob, folder)]
    return _selected(index, _IN_FOLDERS, {"folders": chosen})


def _selected(index: SearchIndex, query: str, given: dict[str, Any]) -> Bools:
    with closing(connect()) as db:
        rows = db.execute(query, {"file": only(index.file)} | given).fetchnumpy()["n"]
    return _mask(index.library, rows.astype(np.int64))


def _mask(library: Library, rows: Longs) -> Bools:
    found = np.zeros(library.size, np.bool_)
    found[rows] = True
    return found
