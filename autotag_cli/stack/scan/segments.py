"""Parallel reads of several segments of the table, page by page."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol


class Paged(Protocol):
    """A page with the cursor of the next one; None: it was the last page of its segment."""

    @property
    def cursor(self) -> str | None:
        """Return the cursor of the next page, or None."""
        ...


def initial_cursors(segments: int) -> dict[int, str]:
    """Return the cursors of the first pages of ``segments`` segments, by segment."""
    return dict.fromkeys(range(segments), "")


def from_segments[P: Paged](fetch: Callable[[int, str], P], cursors: Mapping[int, str]) -> Iterator[tuple[int, P]]:
    """Yield pages with their segments as they arrive, from ``cursors`` on ("" is the start).

    At most as many pages as segments are in memory, and one request for each segment is under way. Raises what
    ``fetch`` raises.
    """
    with ThreadPoolExecutor(max(1, len(cursors))) as pool:
        waiting: dict[Future[P], int] = {pool.submit(fetch, part, cursor): part for part, cursor in cursors.items()}
        try:
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    segment, page = waiting.pop(future), future.result()
                    yield segment, page
                    if page.cursor is not None:
                        waiting[pool.submit(fetch, segment, page.cursor)] = segment
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
