"""Every asset of a stack, page by page, from several segments of its table at once."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

import msgspec

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.strict_json import decode_by
from autotag_cli.stack.answer_form import unknown_form
from autotag_cli.stack.scan.scanned_asset import DECODER, RawPage
from autotag_cli.stack.scan.segments import from_segments, initial_cursors

SEGMENTS = 4
"""Segments of the table that are read at once: each has one request under way."""

_PAGE = 200


class Page(NamedTuple):
    """Some assets, and the cursor of the next page; None: this was the last page of its segment."""

    assets: list[ScannedAsset]
    cursor: str | None


class Scanner(Protocol):
    """A client that returns pages."""

    def scan(self, segment: int, segments: int, cursor: str, limit: int) -> RawPage:
        """Return one page as the ops function returns it."""
        ...


def raw_pages(scanner: Scanner, cursors: Mapping[int, str], segments: int) -> Iterator[tuple[int, RawPage]]:
    """Yield pages with their segments as they arrive, from ``cursors`` on ("" is the start).

    At most as many pages as segments are in memory, and one request for each segment is under way. Raises ``Failure``
    if a page cannot be read.
    """

    def fetch(segment: int, cursor: str) -> RawPage:
        return scanner.scan(segment, segments, cursor, _PAGE)

    return from_segments(fetch, cursors)


def pages(scanner: Scanner, cursors: Mapping[int, str], segments: int) -> Iterator[tuple[int, Page]]:
    """Yield pages like ``raw_pages``, with their assets decoded."""
    for segment, page in raw_pages(scanner, cursors, segments):
        yield segment, Page([_read(asset) for asset in page.assets], page.cursor)


def all_pages(scanner: Scanner) -> Iterator[Page]:
    """Yield the pages of a whole scan."""
    for _, page in pages(scanner, initial_cursors(SEGMENTS), SEGMENTS):
        yield page


def _read(asset: msgspec.Raw) -> ScannedAsset:
    try:
        return decode_by(DECODER, asset)
    except msgspec.DecodeError as error:
        raise unknown_form(error) from error
