"""Files that a person names on the command line; ``-`` is stdin."""

import sys
from pathlib import Path
from typing import BinaryIO

from autotag.domain.errors import Invalid

LONGEST = 16 * 2**20
"""Bytes of one text; the largest answers that are known, of 3,000 labels, have less than one MiB."""


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
    """Return the bytes of a file as they are; raises ``Invalid`` naming one that cannot be read or is too large."""
    try:
        if path == "-":
            return _bounded(sys.stdin.buffer, path)
        with opened(path) as stream:
            return _bounded(stream, path)
    except OSError as error:  # a folder, say, which can be opened in vain
        raise Invalid(title(path), f"cannot be read ({error.strerror})") from error


def _bounded(stream: BinaryIO, path: str) -> bytes:
    text = stream.read(LONGEST + 1)
    if len(text) > LONGEST:
        raise Invalid(title(path), f"is larger than {LONGEST // 2**20} MiB")
    return text
