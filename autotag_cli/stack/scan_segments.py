"""Reading several parts of the table at once, page by page."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol


class Paged(Protocol):
    """A page that says where the next one begins; None: it was the last one of its segment."""

    @property
    def cursor(self) -> str | None:
        """Return where the next page begins."""
        ...


def from_segments[P: Paged](fetch: Callable[[int, str], P], cursors: Mapping[int, str]) -> Iterator[tuple[int, P]]:
    """Yield pages with their segments as they come in, from ``cursors`` on ("" is the start).

    No more of them are in memory than there are segments, and one request of each is under way. Raises what ``fetch``
    raises.
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
