"""A search of the stack as it is now: its assets are looked at page by page."""

from collections.abc import Callable
from typing import NamedTuple

from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.search.match import Candidate
from autotag.domain.search.query import Query
from autotag.service.operations.scan import Scan
from autotag_console.ask import Ask, read_answer
from autotag_console.learning.learned import ScannedPage

_FIRST, _MOST = 100, 800
"""Assets of a page of the scan: few at first, since what comes after the last match is read again."""


class ScanPlace(NamedTuple):
    """Where a look goes on: the scan's cursor, and of the page there the asset after which it does, "" for none."""

    cursor: str = ""
    after: str = ""


class LivePage(NamedTuple):
    """What was found after having ``looked_at`` so many assets; ``rest`` is where to go on, None: that was all."""

    found: list[Candidate]
    looked_at: int
    rest: ScanPlace | None


def look(
    ask: Ask, query: Query, ruleset: Ruleset, start: ScanPlace, most: int, patient: Callable[[], bool]
) -> LivePage:
    """Return up to ``most`` matches; the look ends early once ``patient`` says no.

    Raises what ``Ask`` raises, ``UnknownForm``, and ``Invalid`` if the cursor is none of the scan.
    """
    found: list[Candidate] = []
    looked_at, cursor, after = 0, start.cursor, start.after
    limit = _MOST if after else _FIRST  # the page that ``after`` is on may have been a long one
    while True:
        page = read_answer(ask(Scan(cursor=cursor, limit=limit)), ScannedPage)
        ids = [each.asset.asset_id for each in page.assets]
        begin = ids.index(after) + 1 if after in ids else 0  # an asset deleted meanwhile: better twice than never
        for number, asset in enumerate(page.assets[begin:], begin + 1):
            looked_at += 1
            candidate = Candidate(asset, ruleset)
            if candidate.matches(query):
                found.append(candidate)
            if len(found) == most:
                if number < len(ids):
                    return LivePage(found, looked_at, ScanPlace(cursor, ids[number - 1]))
                break
        if page.cursor is None:
            return LivePage(found, looked_at, None)
        cursor, after, limit = page.cursor, "", min(2 * limit, _MOST)
        if len(found) == most or not patient():
            return LivePage(found, looked_at, ScanPlace(cursor))
