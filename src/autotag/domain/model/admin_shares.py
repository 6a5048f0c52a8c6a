"""How the Admin API's budget of an hour is shared by the calls that need it.

Live reads may use all of it. All others leave something to them: polls a quarter of what the hour still has to come,
and they use their own three quarters no faster than the hour passes.
"""

from math import ceil
from typing import NamedTuple

from autotag.domain.model.health import Share

HOUR = 3600

_AHEAD = 300
"""Seconds by which polls may be ahead of the hour, so that a few assets need not wait at its beginning."""

_AGAIN = 60.0
"""Seconds until polls may try again: the poller runs every minute."""


class Limits(NamedTuple):
    """The most calls of an hour that may have been made before another one: by all shares, and by this one itself.

    ``own`` is None where the share is not counted by itself.
    """

    used: int
    own: int | None = None


def limits(share: Share, cap: int, elapsed: float, hint_percent: int) -> Limits:
    """Return the limits for a call of ``share``, ``elapsed`` seconds into an hour with ``cap`` calls.

    ``spare``: only the first three quarters. ``hints``: at most ``hint_percent`` of all. ``polls``: at most three
    quarters, as they pass. Both only while a quarter of what is to come of the hour is left; where hints may use more
    than three quarters, they leave less.
    """
    match share:
        case "live":
            return Limits(cap)
        case "spare":
            return Limits(cap * 3 // 4)
        case "hints":
            most = cap * max(75, hint_percent) // 100
            return Limits(_leaving(cap, cap - most, elapsed), cap * hint_percent // 100)
        case "polls":
            passed = cap * 3 * min(HOUR, elapsed + _AHEAD) // (4 * HOUR)
            return Limits(_leaving(cap, cap / 4, elapsed), max(1, int(passed)))


def _leaving(cap: int, kept: float, elapsed: float) -> int:
    """Return the most calls that leave ``kept`` of an hour's calls, for what is to come of the hour, to live reads."""
    return max(min(cap, 1), int(cap - ceil(kept * (HOUR - elapsed) / HOUR)))


def wait(share: Share, elapsed: float) -> float:
    """Return the seconds until a call that found no budget ``elapsed`` seconds into the hour may be tried again."""
    rest = HOUR - elapsed + 1
    return min(_AGAIN, rest) if share == "polls" else rest
