"""The start page: what waits for a person, the runs that are under way, and whether all is well."""

import asyncio
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from autotag.service.operations.health import Health
from autotag.service.review.summary import ReviewSummary
from autotag.service.runs.requests import ListRuns
from autotag_console.kept import Kept, in_time
from autotag_console.pages.health import KEPT_SECONDS
from autotag_console.rendering import render
from autotag_console.review_summary import Summary
from autotag_console.views.health import health_lines, summary_line
from autotag_console.views.runs import Run, RunList, runs_of

_KEPT_SECONDS = 5.0
"""Enough for a page that counted too long to load again, and for the way back from another page."""


class Work(NamedTuple):
    """What the page shows of the work: the questions by tag, and the runs under way."""

    summary: Summary
    runs: tuple[Run, ...]

    @property
    def oldest(self) -> str:
        """When the oldest question was asked (ISO 8601), "" if that is not known."""
        return min((each.oldest for each in self.summary.tags if each.oldest), default="")

    @property
    def at_random(self) -> int:
        """How many of the questions about the listed tags are asked at random."""
        return sum(each.samples for each in self.summary.tags)


async def work_of(request: Request) -> Work:
    """Return the work, asked for at once. Raises what ``asked`` raises."""
    kept: Kept = request.app.state.kept
    summary, runs = await asyncio.gather(
        kept.asked(request, ReviewSummary(), Summary, _KEPT_SECONDS),
        kept.asked(request, ListRuns(), RunList, _KEPT_SECONDS),
    )
    return Work(summary, tuple(run for run in runs_of(runs) if run.under_way))


async def start(request: Request) -> Response:
    """Show the page. Work that is not counted in time, and health, are loaded after the first paint."""
    work = await in_time(request, work_of(request))
    kept: Kept = request.app.state.kept
    health = kept.fresh(Health(), dict, KEPT_SECONDS)
    shown: dict[str, Any] = {
        "work": work,
        "health": summary_line(health_lines(health)) if health is not None else None,
    }
    return render(request, "start.html", shown)


async def counted(request: Request) -> Response:
    """Answer a script once the work is counted, so that it can load the page again."""
    work = await work_of(request)
    return JSONResponse({"questions": work.summary.questions})


async def find(request: Request) -> Response:
    """Lead from the field for an asset to its page."""
    name = request.query_params.get("name", "").strip()
    return RedirectResponse(f"/asset/{quote(name, safe='')}" if name else "/", 303)


routes = [Route("/", start), Route("/api/work", counted), Route("/find", find)]
