"""Files that hold every asset of a stack: JSON lines, the first of which says what they are.

They are read in parts, so that several processes can share a file and none of them holds more than its part.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from cli.files import opened
from cli.stored.scanned import DECODER, Scanned

PART = 2 * 2**20
"""Bytes of a part. An asset of fifty labels has two thousand of them, and ten times as many in memory."""

_FORM = 1
_MARK = b'{"autotag_export":'


class Header(Struct, frozen=True):
    """The first line: the form of the lines after it, which stack they are of, and when they were read (ISO 8601)."""

    autotag_export: int
    stack: str
    at: str


class Part(NamedTuple):
    """The lines of ``path`` that begin at or behind the byte ``start`` and before ``end``."""

    path: str
    start: int
    end: int


def header(stack: str, at: str) -> bytes:
    """Return the first line of a file."""
    return msgspec.json.encode(Header(_FORM, stack, at)) + b"\n"


def is_export(path: str) -> bool:
    """Whether ``path`` is a file that begins as an export does; raises ``Invalid`` where it is of another form."""
    if path == "-" or not os.path.isfile(path):
        return False
    with opened(path) as stream:
        line = stream.readline(4096)
    if not line.startswith(_MARK):
        return False
    try:
        found = msgspec.json.decode(line, type=Header)
    except msgspec.DecodeError as error:
        raise Invalid(f"{path}:1", f"is no header of an export ({error})") from error
    if found.autotag_export != _FORM:
        raise Invalid(f"{path}:1", f"is an export of form {found.autotag_export}, expected {_FORM}: export it again")
    return True


def parts(path: str, size: int = PART) -> Iterator[Part]:
    """Yield the parts of an export that together hold every asset once."""
    total = os.stat(path).st_size
    with opened(path) as stream:
        start = len(stream.readline())
    while start < total:
        yield Part(path, start, min(start + size, total))
        start += size


def assets(part: Part) -> list[Scanned]:
    """Read a part; raises ``Invalid`` naming the file and the line that holds no asset."""
    start, text = _lines(part)
    try:
        return DECODER.decode_lines(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(_place(part.path, start, text), f"expected an asset as an export has it ({error})") from error


def _lines(part: Part) -> tuple[int, bytes]:
    """Return the lines that begin in ``part``, and at which byte the first of them does."""
    with opened(part.path) as stream:
        stream.seek(part.start - 1)
        stream.readline()  # the rest of a line that began before
        start = stream.tell()
        if start >= part.end:
            return start, b""
        text = stream.read(part.end - start)
        return start, text if text.endswith(b"\n") else text + stream.readline()


def _place(path: str, start: int, text: bytes) -> str:
    """Return the file with the number of the first line in ``text``, which begins at ``start``, that is no asset."""
    for line in text.split(b"\n"):
        try:
            DECODER.decode_lines(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            break
        start += len(line) + 1
    with opened(path) as stream:
        return f"{path}:{1 + sum(stream.read(min(PART, start - at)).count(b'\n') for at in range(0, start, PART))}"
