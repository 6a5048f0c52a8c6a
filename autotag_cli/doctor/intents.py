"""The search for open intents that wait for a message that may be gone, and their hand-over to the workers."""

from collections.abc import Iterator
from itertools import batched
from time import monotonic
from typing import NamedTuple

from autotag_cli.stack.ops_client import IntentPage, OpsClient
from autotag_cli.stack.scan.pages import SEGMENTS
from autotag_cli.stack.scan.segments import from_segments, initial_cursors

_PATIENCE = 15.0
"""Seconds that a check searches: the whole table of about a million assets."""

_AT_ONCE = 1000


class LostIntents(NamedTuple):
    """The assets of lost intents; whether all of the table was searched; whether workers were told to finish them."""

    assets: tuple[str, ...] = ()
    complete: bool = True
    mended: bool = False


def find_lost_intents(client: OpsClient) -> LostIntents:
    """Search the table, for about ``_PATIENCE`` seconds at the most; raises ``Failure``."""
    deadline, found = monotonic() + _PATIENCE, list[str]()
    for page in _pages(client):
        found += page.assets
        if monotonic() > deadline and page.cursor is not None:
            return LostIntents(tuple(found), complete=False)
    return LostIntents(tuple(found))


def mend_lost_intents(client: OpsClient) -> LostIntents:
    """Search all of the table, and have the workers finish what is found, page by page; raises ``Failure``."""
    found: list[str] = []
    for page in _pages(client):
        for some in batched(page.assets, _AT_ONCE, strict=False):
            client.finish_intents(some)
        found += page.assets
    return LostIntents(tuple(found), mended=True)


def _pages(client: OpsClient) -> Iterator[IntentPage]:
    def fetch(segment: int, cursor: str) -> IntentPage:
        return client.lost_intents(segment, SEGMENTS, cursor)

    for _, page in from_segments(fetch, initial_cursors(SEGMENTS)):
        yield page
