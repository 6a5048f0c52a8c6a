"""The deck: one picture and one question at a time, and the questions that come next."""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autotag.service.review.queue import ReviewList
from autotag_console.answer_log import log_of
from autotag_console.fields import read_fields
from autotag_console.kept import Kept, in_time
from autotag_console.question_view import ListedPage, ReviewPage, asset_view
from autotag_console.rendering import render
from autotag_console.review_summary import Summary, summary_of
from autotag_console.visible import Spellings, visible

_AHEAD = 20
"""Assets in a page of the queue; each has at least one question."""

_PATHS = {"oldest": "/review", "confidence": "/review/grid"}
"""Where questions are shown, by their order."""

_NOT_LISTED = ReviewPage((), "")
"""What the deck begins with if its questions are not there in time: it asks for the first page."""


class Wanted(Struct, frozen=True):
    """What a page shows of the queue, as its address says: a tag, a folder (a glob), a cursor of the page before."""

    tag: str = ""
    folder: str = ""
    cursor: str = ""
    order: Literal["oldest", "confidence"] = "oldest"


class TagRow(Struct, frozen=True):
    """A row of the list of tags: its key, its name as pages show it, its questions, and the address of its deck."""

    tag: str
    name: str
    questions: int
    address: str
    is_current: bool


class TagRows(Struct, frozen=True):
    """The list of tags; ``total`` is the number of questions of the current one."""

    rows: tuple[TagRow, ...]
    total: int


def wanted_by(address: Mapping[str, str]) -> Wanted:
    """Read the query of an address. Raises ``Invalid``."""
    return read_fields(address, Wanted)


async def page_of(request: Request, wanted: Wanted, limit: int) -> ReviewPage:
    """Return a page of the queue, without what was answered a moment ago. Raises what ``asked`` raises."""
    fields = {"tag": wanted.tag, "folder": wanted.folder, "cursor": wanted.cursor, "limit": limit}
    if wanted.order != "oldest":
        fields["order"] = wanted.order
    kept: Kept = request.app.state.kept
    listed = await kept.shared(request, read_fields(fields, ReviewList), ListedPage)
    log = log_of(request)
    spellings: Spellings = request.app.state.spellings
    spellings.add(question.tag for each in listed.assets for question in (*each.tags, *each.others))
    delivery = request.app.state.settings.delivery.of_cloud(listed.cloud_name)
    views = (asset_view(each, delivery, log.just_answered) for each in listed.assets)
    asking = (view for view in views if any(not question.extra for question in view.questions))
    return ReviewPage(tuple(asking), listed.cursor)


async def deck(request: Request) -> Response:
    """Show the deck. Questions and numbers that are not there in time are loaded after the first paint."""
    wanted = wanted_by(request.query_params)
    summary, page = await asyncio.gather(
        in_time(request, summary_of(request, wanted.folder)), in_time(request, page_of(request, wanted, _AHEAD))
    )
    shown: dict[str, Any] = {
        "wanted": wanted,
        "tags": tag_rows(request.app.state.spellings, summary, wanted) if summary else None,
        "first": msgspec.to_builtins(page or _NOT_LISTED),
        "is_listed": page is not None,
    }
    return render(request, "deck.html", shown)


async def more(request: Request) -> Response:
    """Answer with the next page of the queue, as JSON."""
    page = await page_of(request, wanted_by(request.query_params), _AHEAD)
    return Response(msgspec.json.encode(page), media_type="application/json")


async def tags(request: Request) -> Response:
    """Answer with the list of tags, as JSON."""
    wanted = wanted_by(request.query_params)
    rows = tag_rows(request.app.state.spellings, await summary_of(request, wanted.folder), wanted)
    return Response(msgspec.json.encode(rows), media_type="application/json")


def tag_rows(spellings: Spellings, summary: Summary, wanted: Wanted) -> TagRows:
    """Return the list of tags, of their decks or of their grids; the decks begin with that of all tags."""
    path, folder = _PATHS[wanted.order], {"folder": wanted.folder} if wanted.folder else {}
    rows = [
        TagRow(
            each.tag,
            visible(spellings.of(each.tag)),
            each.questions,
            f"{path}?{urlencode({'tag': each.tag} | folder)}",
            each.is_of(wanted.tag),
        )
        for each in summary.tags
    ]
    if wanted.order == "oldest":
        address = f"{path}?{urlencode(folder)}" if folder else path
        rows.insert(0, TagRow("", "All tags", summary.questions, address, not wanted.tag))
    return TagRows(tuple(rows), next((row.questions for row in rows if row.is_current), 0))


routes = [Route("/review", deck), Route("/api/review", more), Route("/api/tags", tags)]
