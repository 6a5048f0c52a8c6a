"""Differences of clocks for the doctor's sentences."""


def clock_difference(seconds: float) -> str:
    """Return in words by how many seconds one clock is ahead of another, or behind it."""
    return f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'}"
