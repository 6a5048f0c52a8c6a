"""Every asset that a stack knows, page by page, from several parts of its table at once."""

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from autotag.domain.asset import AssetRef, Facts
from autotag.domain.labels import Categorization
from cli.errors import Failure

SEGMENTS = 4
"""Parts of the table that are read at once: each has one request under way."""

_PAGE = 200


class Scanned(Struct, frozen=True):
    """What rules may ask of one asset. ``ours`` and ``theirs`` are tags, ``suppressed`` keys of tags and labels.

    ``people`` are those of ``theirs`` that a person is known to have added.
    """

    asset: AssetRef
    facts: Facts | None
    categorizations: dict[str, Categorization]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    suppressed: tuple[str, ...]
    people: tuple[str, ...]


class Page(Struct, frozen=True):
    """Some assets, and where the next page begins; None: this was the last one of its segment."""

    assets: tuple[Scanned, ...]
    cursor: str | None


class Scanner(Protocol):
    """Who answers pages."""

    def scan(self, segment: int, segments: int, cursor: str, limit: int) -> dict[str, Any]:
        """Return one page as the ops function answers it."""
        ...


def pages(scanner: Scanner, cursors: Mapping[int, str], segments: int) -> Iterator[tuple[int, Page]]:
    """Yield pages with their segments as they come in, from ``cursors`` on ("" is the start).

    No more of them are in memory than there are segments, and one request of each is under way. Raises ``Failure``
    where a page cannot be had.
    """

    def fetch(cursor: str, segment: int) -> Page:
        try:
            return msgspec.convert(scanner.scan(segment, segments, cursor, _PAGE), Page)
        except msgspec.ValidationError as error:
            raise Failure(f"this version of autotag does not know the answer's form ({error})") from error

    with ThreadPoolExecutor(max(1, len(cursors))) as pool:
        waiting: dict[Future[Page], int] = {pool.submit(fetch, cursor, part): part for part, cursor in cursors.items()}
        try:
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    segment, page = waiting.pop(future), future.result()
                    yield segment, page
                    if page.cursor is not None:
                        waiting[pool.submit(fetch, page.cursor, segment)] = segment
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
