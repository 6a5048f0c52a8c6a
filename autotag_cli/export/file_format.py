"""The format of an export: JSON lines, a header and then one for each asset of a stack.

A file is read in parts, so that several processes can share it and each holds only its part in memory.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.strict_json import decode as decode_json
from autotag.domain.model.strict_json import decode_by
from autotag_cli.input.files import MAX_SIZE, open_file
from autotag_cli.stack.scan.scanned_asset import DECODER

PART = 2 * 2**20
"""Bytes of a part; an asset with fifty labels has about two thousand."""

_VERSION = 1
MARK = b'{"autotag_export":'
"""How an export file begins."""


class Header(Struct, frozen=True):
    """The first line: the format version, the stack, and when the export began (ISO 8601)."""

    autotag_export: int
    stack: str
    at: str


class Part(NamedTuple):
    """The lines of ``path`` that begin at or after the byte ``start`` and before ``end``."""

    path: str
    start: int
    end: int


def header(stack: str, at: str) -> bytes:
    """Return the first line of a file."""
    return msgspec.json.encode(Header(_VERSION, stack, at)) + b"\n"


def is_export(path: str) -> bool:
    """Return whether ``path`` is a file that begins with the header of an export.

    Raises ``Invalid`` if the header is damaged or of another format version.
    """
    if path == "-" or not os.path.isfile(path):
        return False
    with open_file(path) as stream:
        if stream.read(len(MARK)) != MARK:
            return False
    header = header_of(path)
    if header.autotag_export != _VERSION:
        raise Invalid(
            f"{path}:1", f"is an export of format version {header.autotag_export}, expected {_VERSION}: export it again"
        )
    return True


def header_of(path: str) -> Header:
    """Return the header of an export of lines. Raises ``Invalid`` if there is none."""
    with open_file(path) as stream:
        try:
            header: Header = decode_json(stream.readline(4096), Header)
        except msgspec.DecodeError as error:
            raise Invalid(f"{path}:1", f"is not a valid header of an export ({error})") from error
    return header


def parts(path: str, size: int = PART) -> Iterator[Part]:
    """Yield the parts of an export that together hold every asset once."""
    total = os.stat(path).st_size
    with open_file(path) as stream:
        start = len(stream.readline())
    while start < total:
        yield Part(path, start, min(start + size, total))
        start += size


def assets(part: Part) -> Iterator[ScannedAsset]:
    """Yield the assets of a part; raises ``Invalid`` naming the file and the line that holds no asset."""
    start, lines = _lines(part)
    for number, line in enumerate(lines):  # one by one: a few objects at a time fit into the processor's caches
        try:
            yield decode_by(DECODER, line)
        except msgspec.DecodeError as error:
            place = f"{part.path}:{1 + _line_breaks(part.path, start) + number}"
            raise Invalid(place, f"expected an exported asset ({error})") from error


def _lines(part: Part) -> tuple[int, list[bytes]]:
    """Return at which byte the first line of ``part`` begins, and the lines that begin in it."""
    with open_file(part.path) as stream:
        stream.seek(part.start - 1)
        stream.readline(MAX_SIZE)  # the rest of a line that began before
        start = stream.tell()
        if start >= part.end:
            return start, []
        text = stream.read(part.end - start)
        if not text.endswith(b"\n"):
            text += stream.readline(MAX_SIZE)  # a longer line is no asset: its cut end cannot be decoded
        return start, text.removesuffix(b"\n").split(b"\n")


def _line_breaks(path: str, end: int) -> int:
    """Return the number of line breaks before the byte ``end``."""
    with open_file(path) as stream:
        return sum(stream.read(min(PART, end - at)).count(b"\n") for at in range(0, end, PART))
