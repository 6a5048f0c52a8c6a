"""Files that a person names on the command line; ``-`` is stdin."""

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

from autotag.domain.errors import Invalid

MAX_SIZE = 16 * 2**20
"""The largest size of one document, in bytes. The largest known response, with 3,000 labels, has less than one MiB."""

MAX_LIST_SIZE = 256 * 2**20
"""The largest size of a file with one entry a line, in bytes: room for millions of public_ids."""


def display_name(path: str) -> str:
    """Return the file's name in messages."""
    return "stdin" if path == "-" else path


def open_file(path: str) -> BinaryIO:
    """Open a file for reading. The caller closes it. Raises ``Invalid`` that names it."""
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise Invalid(display_name(path), f"cannot be read ({error.strerror})") from error
    except ValueError as error:  # a NUL in the name
        raise Invalid(display_name(path), "is not a valid file name") from error


def check_replaceable(path: str) -> None:
    """Raise ``Invalid`` if ``path`` cannot be replaced by a file written beside it: a folder, a device, a pipe."""
    try:
        replaceable = stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        replaceable = path != "-"
    except OSError as error:
        raise Invalid(path, f"cannot be written ({error.strerror})") from error
    except ValueError as error:  # a NUL in the name
        raise Invalid(path, "is not a valid file name") from error
    if not replaceable:
        raise Invalid(path, "is not a regular file: a new file is written beside it and then replaces it")


def place_beside(path: Path) -> Path:
    """Return where a process writes what is to replace the file at ``path``."""
    return path.with_name(f"{path.name}.{os.getpid()}.tmp")


def replace_contents(path: Path, data: bytes, beside: Path) -> None:
    """Replace the file at ``path`` in one step by one that holds ``data``, which is first written to ``beside``.

    Raises ``OSError``; then the file is as before, and nothing is left at ``beside``.
    """
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def read_bytes(path: str, most: int = MAX_SIZE) -> bytes:
    """Return the file's bytes. Raises ``Invalid`` if it cannot be read or has more than ``most`` bytes."""
    try:
        if path == "-":
            return _read_bounded(sys.stdin.buffer, path, most)
        with open_file(path) as stream:
            return _read_bounded(stream, path, most)
    except OSError as error:  # such as a folder as stdin: open, but not readable
        raise Invalid(display_name(path), f"cannot be read ({error.strerror})") from error


def _read_bounded(stream: BinaryIO, path: str, most: int) -> bytes:
    text = stream.read(most + 1)
    if len(text) > most:
        raise Invalid(display_name(path), f"is larger than {most // 2**20} MiB")
    return text
