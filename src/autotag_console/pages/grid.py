"""The grid: all pictures that are asked about one tag, the most confident first, answered many at once."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import Invalid
from autotag.domain.model.conversion import convert
from autotag.domain.sentences.numbers import confidence_text, threshold_text
from autotag_console.fields import read_fields
from autotag_console.kept import in_time
from autotag_console.pages.answers import Decision, decide
from autotag_console.pages.deck import Wanted, page_of, tag_rows, wanted_by
from autotag_console.question_view import AssetView, QuestionView
from autotag_console.rendering import render
from autotag_console.review_summary import summary_of

_CELLS = 60
"""Pictures of a page."""

UNASKED = 10
"""Answers at once that need no question back."""

_WAIT = "wait"
"""In an address: the browser shows that it waits already."""

_PICK = "pick:"
"""The beginning of the fields of a form that name a chosen asset; their value is its version."""


class Cell(Struct, frozen=True):
    """A picture in the grid. ``line`` is the threshold, if it is the first picture that does not reach it."""

    asset: AssetView
    question: QuestionView
    number: str
    picked: bool
    line: str


class Choosing(Struct, frozen=True):
    """A form of the grid as it was sent: a verdict about ``tag`` of the assets in ``picks`` (asset_id: version)."""

    tag: str
    folder: str
    cursor: str
    verdict: Literal["accept", "reject"]
    picks: dict[str, int]
    confirmed: bool


async def grid(request: Request) -> Response:
    """Show a page of the grid, or the tags to choose from. One that takes long sends the browser to wait for it."""
    if _WAIT in request.query_params:
        return await _shown(request, {})
    waiting = request.url.include_query_params(**{_WAIT: "1"})
    page = await in_time(request, _shown(request, {}))
    return page or render(request, "late.html", {"waiting": f"{waiting.path}?{waiting.query}"})


async def answer(request: Request) -> Response:
    """Take the answers of a form: ask back where there are many, and show those that were refused."""
    chosen = _read(request.state.form)
    if len(chosen.picks) > UNASKED and not chosen.confirmed:
        return render(request, "grid_confirm.html", {"chosen": chosen, "number": len(chosen.picks)})
    decisions = [Decision(asset, chosen.tag, chosen.verdict, version) for asset, version in chosen.picks.items()]
    reported = await decide(request, decisions) if decisions else []
    refused = {entry["asset"]: str(entry["why"]) for where, entry in reported if where == "refused"}
    if refused:
        return await _shown(request, refused)
    return RedirectResponse(str(request.url.include_query_params(tag=chosen.tag, folder=chosen.folder)), 303)


async def _shown(request: Request, refused: dict[str, str]) -> Response:
    form = getattr(request.state, "form", {})
    address = {**dict(request.query_params), **{key: form[key] for key in ("tag", "folder", "cursor") if key in form}}
    picked_from = _confidence(address.pop("from", ""))
    address.pop(_WAIT, None)
    wanted = wanted_by(address | {"order": "confidence"})
    if not wanted.tag:
        tags = tag_rows(request.app.state.spellings, await summary_of(request, wanted.folder), wanted)
        return render(request, "grid_tags.html", {"wanted": wanted, "tags": tags})
    page = await page_of(request, wanted, _CELLS)
    shown = {
        "wanted": wanted,
        "cells": list(_cells(page.assets, wanted, picked_from)),
        "cursor": page.cursor,
        "picked_from": picked_from,
        "refused": refused,
        "gone": refused.keys() - {asset.asset for asset in page.assets},
        "bars": len({asset.questions[0].threshold for asset in page.assets}),
        "unasked": UNASKED,
    }
    return render(request, "grid.html", shown)


def _cells(assets: Sequence[AssetView], wanted: Wanted, picked_from: float | None) -> Iterator[Cell]:
    """Yield the cells; where all have the same threshold, it is a line between the rows above and below it."""
    bars = {asset.questions[0].threshold for asset in assets}
    bar = bars.pop() if len(bars) == 1 else None
    above = not wanted.cursor  # on a later page the line is passed already, unless its first picture is above
    for asset in assets:
        question = asset.questions[0]
        confidence = question.confidence or 0.0
        is_below = bar is not None and confidence < bar
        line = threshold_text(bar) if bar is not None and is_below and above else ""
        above = not is_below
        shown = confidence_text(confidence, question.threshold) if question.confidence is not None else "no label"
        yield Cell(asset, question, shown, picked_from is not None and confidence >= picked_from, line)


def _read(form: dict[str, str]) -> Choosing:
    picks = {name.removeprefix(_PICK): value for name, value in form.items() if name.startswith(_PICK)}
    fields = {"tag": "", "folder": "", "cursor": "", **form, "picks": picks, "confirmed": bool(form.get("confirmed"))}
    return read_fields(fields, Choosing, "form", strict=False)


def _confidence(text: str) -> float | None:
    try:
        return convert(text, float, strict=False) if text else None
    except msgspec.ValidationError as error:
        raise Invalid("from", "expected a number from 0 to 1") from error


routes = [Route("/review/grid", grid), Route("/review/grid", answer, methods=["POST"])]
