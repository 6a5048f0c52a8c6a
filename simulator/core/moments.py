"""Points in time as callers write them: dates, times, and ages such as ``1d``."""

import re
from datetime import UTC, datetime

_AGE = re.compile(r"(\d{1,6})([hdwmy])")
_SECONDS = {"h": 3600, "d": 86400, "w": 7 * 86400, "m": 30 * 86400, "y": 365 * 86400}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_SECONDS = 86400


def moment(text: str) -> float | None:
    """Return the unix seconds of an ISO date, with or without a time (default UTC), or None for other texts."""
    try:
        found = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def is_day(text: str) -> bool:
    """Return whether ``text`` is a date without a time."""
    return _DAY.fullmatch(text) is not None


def age_seconds(text: str) -> int | None:
    """Return the seconds of an age in hours, days, weeks, months or years, such as ``4w``, or None."""
    found = _AGE.fullmatch(text)
    return int(found[1]) * _SECONDS[found[2]] if found else None
