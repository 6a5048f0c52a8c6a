"""Statistics: what the library holds, what people corrected, what waits, and what a month costs.

The library is read by the same work as for the page of what people taught, once for both.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import AutotagError
from autotag.service.operations.health import Health
from autotag.service.review.summary import ReviewSummary
from autotag_console.fields import read_fields
from autotag_console.kept import Kept
from autotag_console.learning.background import Background
from autotag_console.learning.learned import Learned
from autotag_console.refusals import sentence_of
from autotag_console.rendering import render
from autotag_console.review_summary import Summary
from autotag_console.views.bars import length
from autotag_console.views.statistics import MOST, budget_text, overview

PATH = "/stats"
_KEPT_SECONDS = 60.0


class _Wanted(Struct, frozen=True):
    """The address: whose confidences are drawn."""

    label: Annotated[str, Meta(max_length=255)] = ""


async def show(request: Request) -> Response:
    """Show what was counted last and how far a count is; the queue and the hour's calls are those of now."""
    wanted = read_fields({"label": request.query_params.get("label", "").strip()}, _Wanted)
    learned: Background[float, Learned] = request.app.state.learned
    last, progress = learned.last, learned.progress
    shown: dict[str, Any] = {
        "progress": progress,
        "before": last.value.counts.assets if last else 0,
        "fault": sentence_of(learned.fault) if learned.fault else "",
        "at": datetime.fromtimestamp(last.at, UTC).isoformat() if last else "",
        "rules": last.value if last else None,
        "of": overview(last.value.counts, last.value.spread, last.value.evidence, wanted.label) if last else None,
    }
    return await show_statistics(request, shown)


async def count(request: Request) -> Response:
    """Begin to read all assets, and show the page. What was learned from people is computed anew as it was before."""
    learned: Background[float, Learned] = request.app.state.learned
    learned.start(learned.last.value.suggestions.wrong_costs if learned.last else 1.0)
    return RedirectResponse(PATH, 303)


async def show_statistics(request: Request, shown: Mapping[str, Any], status: int = 200) -> Response:
    """Show the queue and the hour's calls as they are now, and what is ``of`` the library.

    ``shown`` says how far a count is: ``progress`` where it goes on in the background, ``so_far`` where a form carries
    it on (``sealed``).
    """
    queue, budget = await asyncio.gather(_queue(request), _budget(request))
    values: dict[str, Any] = {
        "progress": None,
        "so_far": None,
        "sealed": "",
        "cut": False,
        "before": 0,
        "fault": "",
        "at": "",
        "rules": None,
        "of": None,
        "queue": queue,
        "budget": budget,
        "most": MOST,
        **shown,
    }
    return render(request, "stats.html", values, status)


async def _queue(request: Request) -> dict[str, Any]:
    """Return the queue by tag with the lengths of its bars; ``fault`` if it cannot be read."""
    kept: Kept = request.app.state.kept
    try:
        summary = await kept.asked(request, ReviewSummary(), Summary, _KEPT_SECONDS)
    except AutotagError as error:
        return {"fault": sentence_of(str(error)), "summary": None, "rows": ()}
    most = max((each.questions for each in summary.tags), default=0)
    return {
        "fault": "",
        "summary": summary,
        "rows": [(each, length(each.questions, most)) for each in summary.tags[:MOST]],
    }


async def _budget(request: Request) -> str:
    kept: Kept = request.app.state.kept
    try:
        return budget_text(await kept.asked(request, Health(), dict[str, Any], _KEPT_SECONDS))
    except AutotagError as error:
        return sentence_of(str(error))


routes = [Route(PATH, show), Route(PATH, count, methods=["POST"])]
