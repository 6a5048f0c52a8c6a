"""Points in time and durations for the doctor's sentences."""

from datetime import datetime

from autotag_cli.doctor.checks.result import Unknown
from autotag_cli.doctor.facts import Facts

MINUTE = 60.0


def seconds_since(facts: Facts, at: str | None) -> float:
    """Return how many seconds ago ``at`` (ISO 8601) was by the functions' clock; 0.0 if one of them is not known."""
    now = facts.health_part("now")
    if isinstance(now, Unknown) or not at:
        return 0.0
    return (datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds()


def duration_text(seconds: float) -> str:
    """Return a duration in words, with its unit."""
    if seconds < 2 * MINUTE:
        return f"{max(0, seconds):.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < 180 * MINUTE else f"{seconds / 3600:.0f} h"


def clock_difference(seconds: float) -> str:
    """Return in words by how many seconds one clock is ahead of another, or behind it."""
    return f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'}"
