"""The budget of DetectLabels calls, which each day in UTC begins anew."""

_DAY = 86_400


def day_of(now: int) -> int:
    """Return the begin of the day of ``now`` (unix milliseconds) in UTC, in unix seconds."""
    return now // 1000 // _DAY * _DAY


def until_midnight(now: int) -> float:
    """Return the seconds from ``now`` (unix milliseconds) until the next day begins in UTC."""
    return _DAY + day_of(now) - now / 1000
