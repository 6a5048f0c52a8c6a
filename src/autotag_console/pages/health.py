"""The service's health: a page, and the one line of it that the start page loads after its first paint."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autotag.service.operations.health import Health
from autotag_console.kept import Kept
from autotag_console.rendering import render
from autotag_console.views.health import Line, health_lines, summary_line
from autotag_console.visible import visible

KEPT_SECONDS = 60.0


async def lines_of(request: Request) -> tuple[Line, ...]:
    """Return the lines, of an answer that is at most a minute old. Raises what ``asked`` raises."""
    kept: Kept = request.app.state.kept
    return health_lines(await kept.asked(request, Health(), dict[str, Any], KEPT_SECONDS))


async def health(request: Request) -> Response:
    """Show every line."""
    lines = await lines_of(request)
    return render(request, "health.html", {"lines": lines})


async def line(request: Request) -> Response:
    """Answer with the one line for the start page, as JSON."""
    found = summary_line(await lines_of(request))
    return JSONResponse({"state": found.state, "finding": visible(found.finding)})


routes = [Route("/health", health), Route("/api/health", line)]
