"""The start page: what waits for a person, the runs that are under way, and whether all is well."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.service.operations.health import Health
from autotag.service.runs.requests import ListRuns
from autotag_console.ask import asked
from autotag_console.kept import Kept
from autotag_console.pages.health import KEPT_SECONDS
from autotag_console.views.health import health_lines, summary_line
from autotag_console.views.runs import RunList, runs_of


async def start(request: Request) -> Response:
    """Show the page; health comes later if it is not at hand."""
    runs = await asked(request, ListRuns(), RunList)
    kept: Kept = request.app.state.kept
    health = kept.fresh(Health(), dict, KEPT_SECONDS)
    shown: dict[str, Any] = {
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
