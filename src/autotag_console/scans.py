"""The assets of a stack, page by page, as its scan returns them."""

from msgspec import Struct

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.service.operations.scan import Scan
from autotag_console.ask import Ask, read_answer


class ScannedPage(Struct, frozen=True):
    """A page of the scan, and the cursor of the next one, None for the last."""

    assets: tuple[ScannedAsset, ...]
    cursor: str | None


def scan_page(ask: Ask, cursor: str, limit: int, segment: int = 0, segments: int = 1) -> ScannedPage:
    """Return a page of at most ``limit`` assets of one of the ``segments`` from ``cursor`` on, "" for the beginning.

    A page ends before it is too large for an answer. Raises what ``Ask`` raises, and ``UnknownForm``.
    """
    return read_answer(ask(Scan(segment=segment, segments=segments, cursor=cursor, limit=limit)), ScannedPage)
