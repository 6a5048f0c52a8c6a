"""The plan of a run: what it would change, read page by page from several segments of the table in parallel."""

from collections.abc import Generator
from typing import Any, Protocol

from msgspec.structs import replace

from autotag.domain.runs.planned import PlanPage
from autotag.domain.runs.run import SEGMENTS
from autotag.service.runs.requests import PlanRun
from autotag_cli.stack.answer_form import as_type
from autotag_cli.stack.scan.segments import from_segments, initial_cursors

_PAGE = 200


class PlanSource(Protocol):
    """A source of pages."""

    def plan_run(self, request: PlanRun) -> dict[str, Any]:
        """Return one page, as the ops function responds."""
        ...


def plan_pages(ops: PlanSource, request: PlanRun) -> Generator[PlanPage]:
    """Yield the pages of all segments as they arrive. Each segment has one request in flight and one page in memory.

    Raises ``Failure`` if a page cannot be read.
    """

    def fetch(segment: int, cursor: str) -> PlanPage:
        return as_type(ops.plan_run(replace(request, segment=segment, cursor=cursor, limit=_PAGE)), PlanPage)

    for _, page in from_segments(fetch, initial_cursors(SEGMENTS)):
        yield page
