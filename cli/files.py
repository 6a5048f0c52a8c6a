"""Files that a person names on the command line; ``-`` is stdin."""

import sys
from pathlib import Path
from typing import BinaryIO

from autotag.domain.errors import Invalid


def title(path: str) -> str:
    """Return how messages name the file."""
    return "stdin" if path == "-" else path


def opened(path: str) -> BinaryIO:
    """Open a file for reading; raises ``Invalid`` naming it. The caller closes it."""
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise Invalid(title(path), f"cannot be read ({error.strerror})") from error
    except ValueError as error:  # a NUL in the name
        raise Invalid(title(path), "is no file name") from error


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file as they are; raises ``Invalid`` naming the file."""
    if path == "-":
        return sys.stdin.buffer.read()
    with opened(path) as stream:
        return stream.read()
