"""What tells a file from another one that took its place."""

from pathlib import Path


def stamp_of(path: Path) -> str | None:
    """Return what changes when the file does, None if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"
