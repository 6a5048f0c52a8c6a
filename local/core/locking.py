"""Advisory file locks: only one of several parallel runs builds, and the holder of a lock is alive."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def try_lock(path: Path) -> IO[bytes] | None:
    """Take the lock and return its open file, which holds it until closed; None if another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return _flock(path, fcntl.LOCK_EX)


def is_held(path: Path) -> bool:
    """Return whether a process, this one included, holds the lock."""
    if not path.exists():
        return False
    file = _flock(path, fcntl.LOCK_SH)
    if file:
        file.close()
    return file is None


def _flock(path: Path, kind: int) -> IO[bytes] | None:
    file = path.open("ab")
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


@contextmanager
def locked(path: Path) -> Iterator[IO[bytes]]:
    """Hold the lock while the block runs, after waiting for it without a limit; yield the open file that holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
