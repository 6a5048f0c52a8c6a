"""The search for open intents that wait for a message that may be gone, and their hand-over to the workers."""

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
    """Search the table, for ``_PATIENCE`` seconds at the most; raises ``Failure``."""
    return _search(client, _PATIENCE)


def mend_lost_intents(client: OpsClient) -> LostIntents:
    """Search all of the table, and have the workers finish what is found; raises ``Failure``."""
    found = _search(client, None)
    for some in batched(found.assets, _AT_ONCE, strict=False):
        client.finish_intents(some)
    return found._replace(mended=True)


def _search(client: OpsClient, patience: float | None) -> LostIntents:
    deadline = None if patience is None else monotonic() + patience
    found: list[str] = []

    def fetch(segment: int, cursor: str) -> IntentPage:
        return client.lost_intents(segment, SEGMENTS, cursor)

    for _, page in from_segments(fetch, initial_cursors(SEGMENTS)):
        found += page.assets
        if deadline is not None and monotonic() > deadline and page.cursor is not None:
            return LostIntents(tuple(found), complete=False)
    return LostIntents(tuple(found))
