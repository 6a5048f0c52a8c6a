"""The start page: what waits for a person, the runs that are under way, and whether all is well."""

import asyncio
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.service.operations.health import Health
from autotag.service.review.summary import ReviewSummary
from autotag.service.runs.requests import ListRuns
from autotag_console.ask import asked
from autotag_console.kept import Kept
from autotag_console.pages.health import KEPT_SECONDS
from autotag_console.review_summary import Summary
from autotag_console.views.health import health_lines, summary_line
from autotag_console.views.runs import RunList, runs_of

_KEPT_SECONDS = 2.0
"""For the way back from another page; the service counts at most every half a minute."""


async def waiting(request: Request) -> Summary:
    """Return what waits, by tag. Raises what ``asked`` raises."""
    kept: Kept = request.app.state.kept
    return await kept.asked(request, ReviewSummary(), Summary, _KEPT_SECONDS)


async def start(request: Request) -> Response:
    """Show the page. What waits and the runs are asked for at once; health comes later if it is not at hand."""
    summary, runs = await asyncio.gather(waiting(request), asked(request, ListRuns(), RunList))
    kept: Kept = request.app.state.kept
    health = kept.fresh(Health(), dict, KEPT_SECONDS)
    oldest = min((each.oldest for each in summary.tags if each.oldest), default="")
    shown: dict[str, Any] = {
        "summary": summary,
        "oldest": oldest,
        "runs": [run for run in runs_of(runs) if run.under_way],
        "health": summary_line(health_lines(health)) if health is not None else None,
    }
    response: Response = request.app.state.templates.TemplateResponse(request, "start.html", shown)
    return response


async def find(request: Request) -> Response:
    """Lead from the field for an asset to its page."""
    name = request.query_params.get("name", "").strip()
    return RedirectResponse(f"/asset/{quote(name, safe='')}" if name else "/", 303)


routes = [Route("/", start), Route("/find", find)]
