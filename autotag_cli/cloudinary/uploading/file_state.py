"""The state of a file when it was read, to see whether it has arrived, and whether it changes."""

import hashlib
import io
import os
from typing import NamedTuple

from autotag.domain.errors import Invalid


class FileState(NamedTuple):
    """The state of a file: size in bytes, time of its last change in ns, MD5 of its content in hex."""

    size: int
    mtime: int
    digest: str

    @classmethod
    def of_part(cls, digest: str) -> "FileState":
        """Return the state of what arrived of a file that changed while it was sent. No real file has it."""
        return cls(-1, 0, digest)

    @property
    def is_part(self) -> bool:
        """Return whether this is what arrived of a file that changed while it was sent."""
        return self.size < 0


def open_source(path: str) -> io.BufferedReader:
    """Open a file. Raises ``Invalid`` with the reason if it cannot be read."""
    try:
        return open(path, "rb")
    except OSError as error:
        raise Invalid("", f"cannot be read ({error.strerror})") from error


def read_state(stream: io.BufferedReader) -> FileState:
    """Read an open file once and return its state. Raises ``Invalid`` if it cannot be read."""
    try:
        stream.seek(0)
        status = os.fstat(stream.fileno())
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as error:
        raise Invalid("", f"cannot be read ({error.strerror})") from error
    return FileState(status.st_size, status.st_mtime_ns, digest)


def is_unchanged(stream: io.BufferedReader, state: FileState) -> bool:
    """Return whether an open file still has the size and the time of its last change in ``state``."""
    status = os.fstat(stream.fileno())
    return (status.st_size, status.st_mtime_ns) == (state.size, state.mtime)
