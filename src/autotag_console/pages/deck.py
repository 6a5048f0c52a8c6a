"""The deck: one picture and one question at a time, and the questions that come next."""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autotag.service.review.queue import ReviewList
from autotag_console.answer_log import AnswerLog
from autotag_console.ask import asked
from autotag_console.fields import read_fields
from autotag_console.question_view import ListedPage, ReviewPage, asset_view
from autotag_console.rendering import render
from autotag_console.review_summary import Summary, summary_of

_AHEAD = 20
"""Assets in a page of the queue; each has at least one question."""


class Wanted(Struct, frozen=True):
    """What a page shows of the queue, as its address says: a tag, a folder (a glob), a cursor of the page before."""

    tag: str = ""
    folder: str = ""
    cursor: str = ""
    order: Literal["oldest", "confidence"] = "oldest"


def wanted_by(address: Mapping[str, str]) -> Wanted:
    """Read the query of an address. Raises ``Invalid``."""
    return read_fields(address, Wanted)


async def page_of(request: Request, wanted: Wanted, limit: int) -> ReviewPage:
    """Return a page of the queue, without what was answered a moment ago. Raises what ``asked`` raises."""
    fields = {"tag": wanted.tag, "folder": wanted.folder, "cursor": wanted.cursor, "limit": limit}
    if wanted.order != "oldest":
        fields["order"] = wanted.order
    listed = await asked(request, read_fields(fields, ReviewList), ListedPage)
    log: AnswerLog = request.app.state.answer_log
    delivery = request.app.state.settings.delivery.of_cloud(listed.cloud_name)
    views = (asset_view(each, delivery, log.just_answered) for each in listed.assets)
    asking = (view for view in views if any(not question.extra for question in view.questions))
    return ReviewPage(tuple(asking), listed.cursor)


async def deck(request: Request) -> Response:
    """Show the deck, with its first questions."""
    wanted = wanted_by(request.query_params)
    summary, page = await asyncio.gather(summary_of(request, wanted.folder), page_of(request, wanted, _AHEAD))
    shown: dict[str, Any] = {
        "wanted": wanted,
        "summary": summary,
        "total": _total(summary, wanted),
        "first": msgspec.to_builtins(page),
    }
    return render(request, "deck.html", shown)


async def more(request: Request) -> Response:
    """Answer with the next page of the queue, as JSON."""
    page = await page_of(request, wanted_by(request.query_params), _AHEAD)
    return Response(msgspec.json.encode(page), media_type="application/json")


def _total(summary: Summary, wanted: Wanted) -> int:
    if not wanted.tag:
        return summary.questions
    return next((each.questions for each in summary.tags if each.is_of(wanted.tag)), 0)


routes = [Route("/review", deck), Route("/api/review", more)]
