"""The service's health: a page, and the one line of it that the start page loads after its first paint."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import AutotagError
from autotag.domain.sentences.operations.readings import QueueSize
from autotag.domain.sentences.operations.result import Result, Unknown
from autotag.service.operations.health import Health
from autotag.service.review.summary import ReviewSummary
from autotag_console.kept import Kept
from autotag_console.rendering import render
from autotag_console.review_summary import Summary
from autotag_console.views.health import health_lines, summary_line
from autotag_console.visible import visible

KEPT_SECONDS = 60.0


async def lines_of(request: Request) -> tuple[Result, ...]:
    """Return the lines of the start page, of an answer that is at most a minute old. Raises what ``asked`` raises."""
    return health_lines(await _health(request))


async def health(request: Request) -> Response:
    """Show every line."""
    answer, questions = await asyncio.gather(_health(request), _questions(request))
    return render(request, "health.html", {"lines": health_lines(answer, questions), "now": answer["now"]})


async def again(request: Request) -> Response:
    """Check again now, and show the page."""
    kept: Kept = request.app.state.kept
    for question in (Health(), ReviewSummary()):
        kept.forget(question)
    return RedirectResponse("/health", 303)


async def line(request: Request) -> Response:
    """Answer with the one line for the start page, as JSON."""
    found = summary_line(await lines_of(request))
    return JSONResponse({"state": found.state, "finding": visible(found.finding)})


async def _health(request: Request) -> dict[str, Any]:
    kept: Kept = request.app.state.kept
    return await kept.asked(request, Health(), dict[str, Any], KEPT_SECONDS)


async def _questions(request: Request) -> QueueSize | Unknown:
    kept: Kept = request.app.state.kept
    try:
        summary = await kept.asked(request, ReviewSummary(), Summary, KEPT_SECONDS)
    except AutotagError as error:
        return Unknown(str(error))
    return QueueSize(summary.assets, summary.questions, summary.unindexed)


routes = [
    Route("/health", health),
    Route("/health", again, methods=["POST"]),
    Route("/api/health", line),
]
