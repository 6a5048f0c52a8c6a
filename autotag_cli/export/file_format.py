"""Files that hold every asset of a stack: JSON lines, the first of which says what they are.

They are read in parts, so that several processes can share a file and none of them holds more than its part.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json
from autotag.domain.model.strict_json import decode_by
from autotag_cli.input.files import LONGEST, opened
from autotag_cli.stack.scanned_asset import DECODER, Scanned

PART = 2 * 2**20
"""Bytes of a part; an asset of fifty labels has two thousand of them."""

_FORM = 1
MARK = b'{"autotag_export":'
"""How a file of an export begins."""


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
    if not line.startswith(MARK):
        return False
    try:
        found: Header = decode_json(line, Header)
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


def assets(part: Part) -> Iterator[Scanned]:
    """Read a part, asset by asset; raises ``Invalid`` naming the file and the line that holds none."""
    start, lines = _lines(part)
    for number, line in enumerate(lines):  # one by one: few objects at a time stay in the processor's caches
        try:
            yield decode_by(DECODER, line)
        except msgspec.DecodeError as error:
            place = f"{part.path}:{1 + _line_breaks(part.path, start) + number}"
            raise Invalid(place, f"expected an asset as an export has it ({error})") from error


def _lines(part: Part) -> tuple[int, list[bytes]]:
    """Return at which byte the first line of ``part`` begins, and the lines that begin in it."""
    with opened(part.path) as stream:
        stream.seek(part.start - 1)
        stream.readline(LONGEST)  # the rest of a line that began before
        start = stream.tell()
        if start >= part.end:
            return start, []
        text = stream.read(part.end - start)
        if not text.endswith(b"\n"):
            text += stream.readline(LONGEST)  # what is longer is no asset, as its end will show
        return start, text.removesuffix(b"\n").split(b"\n")


def _line_breaks(path: str, end: int) -> int:
    """Return how many there are before the byte ``end``."""
    with opened(path) as stream:
        return sum(stream.read(min(PART, end - at)).count(b"\n") for at in range(0, end, PART))
