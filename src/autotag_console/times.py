"""Durations for people."""


def ago(seconds: float) -> str:
    """Return a duration in words, with its unit."""
    if seconds < 120:
        return f"{max(0.0, seconds):.0f} s"
    if seconds < 3 * 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 2 * 86400 else f"{seconds / 86400:.0f} days"
