"""The state of a file when it was read, to see whether it has arrived, and whether it changes."""

import hashlib
import io
import os
from typing import NamedTuple

from autotag.domain.errors import Invalid


class Stamp(NamedTuple):
    """The state of a file: size in bytes, time of its last change in ns, MD5 of its content in hex."""

    size: int
    mtime: int
    digest: str

    @classmethod
    def torn(cls, digest: str) -> "Stamp":
        """Return the stamp of what arrived of a file that changed while it was sent. No real file has it."""
        return cls(-1, 0, digest)

    @property
    def is_torn(self) -> bool:
        """Return whether this is what arrived of a file that changed while it was sent."""
        return self.size < 0


def opened(path: str) -> io.BufferedReader:
    """Open a file. Raises ``Invalid`` with the reason if it cannot be read."""
    try:
        return open(path, "rb")
    except OSError as error:
        raise Invalid("", f"cannot be read ({error.strerror})") from error


def stamped(stream: io.BufferedReader) -> Stamp:
    """Read an open file once and return its stamp. Raises ``Invalid`` if it cannot be read."""
    try:
        stream.seek(0)
        status = os.fstat(stream.fileno())
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as error:
        raise Invalid("", f"cannot be read ({error.strerror})") from error
    return Stamp(status.st_size, status.st_mtime_ns, digest)


def is_as_stamped(stream: io.BufferedReader, stamp: Stamp) -> bool:
    """Return whether an open file still has the size and the time of its last change in ``stamp``."""
    status = os.fstat(stream.fileno())
    return (status.st_size, status.st_mtime_ns) == (stamp.size, stamp.mtime)
