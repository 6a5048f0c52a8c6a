"""Points in time as callers write them: dates, times, and ages such as ``1d``."""

import re
from datetime import UTC, datetime

_AGE = re.compile(r"(\d{1,6})([hdwmy])")
_UNIT_SECONDS = {"h": 3600, "d": 86400, "w": 7 * 86400, "m": 30 * 86400, "y": 365 * 86400}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_SECONDS = 86400


def parse_time(text: str) -> float | None:
    """Return the unix seconds of an ISO date, with or without a time (default UTC), or None for other texts."""
    try:
        parsed = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def is_date(text: str) -> bool:
    """Return whether ``text`` is a date without a time."""
    return _DATE.fullmatch(text) is not None


def age_seconds(text: str) -> int | None:
    """Return the seconds of an age in hours, days, weeks, months or years, such as ``4w``, or None."""
    match = _AGE.fullmatch(text)
    return int(match[1]) * _UNIT_SECONDS[match[2]] if match else None
