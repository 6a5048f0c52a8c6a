"""Searching an export, page by page."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import NamedTuple

import numpy as np

from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.search.match import Candidate
from autotag.domain.search.query import Query
from autotag_library.arrays import Longs
from autotag_library.search.assets import assets_at
from autotag_library.search.index import SearchIndex
from autotag_library.search.rows import candidates

_FIRST, _MOST = 64, 1024
"""Assets that are decided on at once: few at first, since the first of them often suffice for a page."""


class FoundPage(NamedTuple):
    """A page of what matches, in the order of names.

    ``total`` is the number of all matches; None where each needs a decision: then ``looked_at`` of ``possible`` assets
    were decided on by now. ``before``: how many matches, or assets that were looked at, lie before this page. ``rest``
    is the row after which the next page begins, None if this is the last one.
    """

    found: Sequence[Candidate]
    total: int | None
    before: int
    looked_at: int
    possible: int
    rest: int | None


def search(
    index: SearchIndex, query: Query, ruleset: Ruleset, after: int, most: int, patient: Callable[[], bool]
) -> FoundPage:
    """Return up to ``most`` matches in the rows after ``after`` (-1: from the beginning).

    Where decisions are needed, the page ends early once ``patient`` says no. Raises ``duckdb.Error`` if the file cannot
    be read any more.
    """
    possible = candidates(index, query, ruleset)
    before = int(np.searchsorted(possible, after, side="right"))
    if query.needs_decision:
        return _decided(index, query, ruleset, possible, before, most, patient)
    rows = possible[before : before + most].tolist()
    found = [Candidate(asset, ruleset) for _, asset in assets_at(index, rows)]
    end = before + len(rows)
    return FoundPage(found, len(possible), before, end, len(possible), rows[-1] if end < len(possible) else None)


def _decided(
    index: SearchIndex,
    query: Query,
    ruleset: Ruleset,
    possible: Longs,
    before: int,
    most: int,
    patient: Callable[[], bool],
) -> FoundPage:
    found: list[Candidate] = []
    at = before
    for turn in count():
        if at >= len(possible) or (turn and not patient()):
            break
        for row, asset in assets_at(index, possible[at : at + min(_FIRST << turn, _MOST)].tolist()):
            at += 1
            candidate = Candidate(asset, ruleset)
            if candidate.matches(query):
                found.append(candidate)
            if len(found) == most:
                rest = row if at < len(possible) else None
                return FoundPage(found, None, before, at, len(possible), rest)
    return FoundPage(found, None, before, at, len(possible), int(possible[at - 1]) if at < len(possible) else None)
