"""Files that a person names on the command line; ``-`` is stdin."""

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

from autotag.domain.errors import Invalid

LONGEST = 16 * 2**20
"""Bytes of one text; the largest answers that are known, of 3,000 labels, have less than one MiB."""

LONGEST_LIST = 256 * 2**20
"""Bytes of a list that a person gives in a file, a line each: millions of public_ids."""


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


def check_replaceable(path: str) -> None:
    """Raise ``Invalid`` where ``path`` cannot be written beside and then replaced: a folder, a device, a pipe."""
    try:
        replaceable = stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        replaceable = path != "-"
    except OSError as error:
        raise Invalid(path, f"cannot be written ({error.strerror})") from error
    except ValueError as error:  # a NUL in the name
        raise Invalid(path, "is no file name") from error
    if not replaceable:
        raise Invalid(path, "is no file that can be replaced: a new one is written beside it and then put in its place")


def read_bytes(path: str, most: int = LONGEST) -> bytes:
    """Return up to ``most`` bytes as they are; raises ``Invalid`` naming a file that cannot be read or has more."""
    try:
        if path == "-":
            return _bounded(sys.stdin.buffer, path, most)
        with opened(path) as stream:
            return _bounded(stream, path, most)
    except OSError as error:  # a folder, say, which can be opened in vain
        raise Invalid(title(path), f"cannot be read ({error.strerror})") from error


def _bounded(stream: BinaryIO, path: str, most: int) -> bytes:
    text = stream.read(most + 1)
    if len(text) > most:
        raise Invalid(title(path), f"is larger than {most // 2**20} MiB")
    return text
