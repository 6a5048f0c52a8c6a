"""Times for people, in the time zone of the machine."""

from datetime import datetime


def moment(at: str) -> str:
    """Return an ISO 8601 time as words, such as ``March 3, 2026, 14:02 UTC``."""
    local = datetime.fromisoformat(at).astimezone()
    return f"{local:%B} {local.day}, {local.year}, {local:%H:%M %Z}"


def ago(seconds: float) -> str:
    """Return a duration in words, with its unit."""
    if seconds < 120:
        return f"{max(0.0, seconds):.0f} s"
    if seconds < 3 * 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 2 * 86400 else f"{seconds / 86400:.0f} days"
