"""The plan of a run: what it would change, read page by page from several segments of the table in parallel."""

from collections.abc import Generator
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef
from autotag.domain.runs.run import SEGMENTS
from autotag.service.runs.requests import PlanRun
from autotag_cli.stack.answer_form import as_type
from autotag_cli.stack.scan.segments import from_segments, initial_cursors

_PAGE = 200


class Planned(Struct, frozen=True):
    """One asset and what would change: tags to add and remove, and the tags to review afterwards.

    ``renamed`` pairs the index of a removed tag with that of the added one that takes its place; an older service
    names none.
    """

    asset: AssetRef
    add: tuple[str, ...]
    remove: tuple[str, ...]
    review: tuple[str, ...]
    renamed: tuple[tuple[int, int], ...] = ()

    @property
    def renames(self) -> list[tuple[str, str]]:
        """Return each removed tag that is replaced, with the added one that takes its place."""
        sizes = len(self.remove), len(self.add)
        pairs = ((old, new) for old, new in self.renamed if 0 <= old < sizes[0] and 0 <= new < sizes[1])
        return [(self.remove[old], self.add[new]) for old, new in pairs]


class Page(Struct, frozen=True):
    """Of ``seen`` assets, those that would change. ``cursor``: where the next page begins, None on the last one."""

    seen: int
    assets: tuple[Planned, ...]
    cursor: str | None


class PlanSource(Protocol):
    """A source of pages."""

    def plan_run(self, request: PlanRun) -> dict[str, Any]:
        """Return one page, as the ops function responds."""
        ...


def plan_pages(ops: PlanSource, request: PlanRun) -> Generator[Page]:
    """Yield the pages of all segments as they arrive. Each segment has one request in flight and one page in memory.

    Raises ``Failure`` if a page cannot be read.
    """

    def fetch(segment: int, cursor: str) -> Page:
        return as_type(ops.plan_run(replace(request, segment=segment, cursor=cursor, limit=_PAGE)), Page)

    for _, page in from_segments(fetch, initial_cursors(SEGMENTS)):
        yield page
