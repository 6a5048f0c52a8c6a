"""The simulated account's clock, and the formats in which Cloudinary writes times."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime


class Clock:
    """A clock that shows real time plus an offset in seconds, so that tests can move timestamps and hours."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Return unix seconds."""
        return time.time() + self.offset


def iso_seconds(unix_seconds: float) -> str:
    """Return e.g. ``2026-10-08T12:00:00Z``, as in ``created_at``."""
    return _utc(unix_seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_offset(unix_seconds: float) -> str:
    """Return e.g. ``2026-10-08T12:00:00+00:00``, as in a notification's ``timestamp``."""
    return _utc(unix_seconds).isoformat(timespec="seconds")


def iso_microseconds(unix_seconds: float) -> str:
    """Return e.g. ``2026-10-08T12:00:00.123456Z``, as in ``triggered_at``."""
    return _utc(unix_seconds).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def http_date(unix_seconds: float) -> str:
    """Return e.g. ``Thu, 08 Oct 2026 13:00:00 GMT``, as in ``X-FeatureRateLimit-Reset``."""
    return format_datetime(_utc(unix_seconds).replace(microsecond=0), usegmt=True)


def utc_text(unix_seconds: float) -> str:
    """Return e.g. ``2026-10-08 13:00:00``, as in error messages."""
    return _utc(unix_seconds).strftime("%Y-%m-%d %H:%M:%S")


def _utc(unix_seconds: float) -> datetime:
    return datetime.fromtimestamp(unix_seconds, UTC)
