"""The library: a search of the stack as it is now, page by page, with the reasons of each result."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import Invalid, Missing
from autotag.domain.search.match import Candidate
from autotag.domain.search.parse import OUTCOMES, STATUSES
from autotag.domain.search.query import Query
from autotag.domain.sentences.rule_lines import key_lines, line_in
from autotag.service.operations.api import Show
from autotag_console.ask import ask_of, asked
from autotag_console.fields import read_fields
from autotag_console.pages.rules import active_ruleset
from autotag_console.pictures import Delivery
from autotag_console.rendering import render
from autotag_console.search.cells import Cell, cells_of
from autotag_console.search.form import PATH, SearchForm
from autotag_console.search.live import ScanPlace, look
from autotag_console.search.results import CELLS, Results, live_results
from autotag_console.views.stored_asset import StoredAsset

_PATIENCES = 4
"""How many times the console's patience a look at the stack may take; what needs longer goes on with the next page."""

_LONGEST = 15.0
"""Seconds of a look, at most: the function that serves the deployed console has thirty for all."""


class Shown(NamedTuple):
    """What a search shows besides its form: results, or a ``fault`` of the query; ``reading``: not ready yet."""

    results: Results | None = None
    fault: str = ""
    reading: bool = False


async def library(request: Request) -> Response:
    """Show the form, and what a look at the stack finds."""
    form = read_fields(request.query_params, SearchForm, strict=False)
    if cleaned := without_empty_fields(request, form):
        return cleaned
    try:
        query = form.query()
    except Invalid as fault:
        return await show(request, form, Shown(fault=str(fault)))
    if not query.terms:
        return await show(request, form, Shown())
    active = await active_ruleset(request)
    start = ScanPlace(form.cursor, form.after)
    page = await to_thread.run_sync(
        look,
        ask_of(request),
        query,
        active.ruleset,
        start,
        CELLS,
        patience(request, _PATIENCES),
        abandon_on_cancel=True,
    )
    cells = await cells_for(request, page.found, query)
    return await show(request, form, Shown(live_results(cells, page, form)), active.text)


def without_empty_fields(request: Request, form: SearchForm) -> Response | None:
    """Return the way to an address without empty fields, which a browser sends for all that is not filled in."""
    if "" not in request.query_params.values():
        return None
    return RedirectResponse(form.address(), 303)


async def show(request: Request, form: SearchForm, shown: Shown, rules: str = "") -> Response:
    """Show the form and what came of it; ``rules`` is the text whose lines the reasons lead to."""
    lines = key_lines(rules) if rules else {}
    has_export = request.app.state.settings.library

    def place(rule: str) -> str:
        line = line_in(lines, rule)
        return f"/rules#L{line}" if line else ""

    values = {
        "form": form,
        "results": shown.results,
        "fault": shown.fault,
        "reading": shown.reading,
        "with_tags": "" if shown.fault else form.with_tags,
        "written": "" if shown.fault else str(form.query()),
        "export": has_export,
        "in_export": bool(has_export) and form.where != "stack",
        "outcomes": OUTCOMES,
        "statuses": STATUSES,
        "place": place,
    }
    return render(request, "library.html", values, 400 if shown.fault else 200)


async def cells_for(request: Request, found: Sequence[Candidate], query: Query) -> Sequence[Cell]:
    """Return the cells of what was found, with pictures of the stack's own cloud."""
    delivery: Delivery = request.app.state.settings.delivery
    if found:
        delivery = await delivery_of(request, found[0].asset.asset.asset_id) or delivery
    return await to_thread.run_sync(cells_of, found, query, delivery)


async def delivery_of(request: Request, asset_id: str) -> Delivery | None:
    """Return the delivery of the cloud that the stack has an asset in; None if the asset was deleted meanwhile."""
    try:
        shown = await asked(request, Show(asset_id), StoredAsset)
    except Missing:
        return None
    delivery: Delivery = request.app.state.settings.delivery
    return delivery.of_cloud(shown.delivery.cloud_name)


def patience(request: Request, times: int = 1) -> Callable[[], bool]:
    """Return a function that says whether the console's patience has not passed yet, or so many times that."""
    end = time.monotonic() + min(times * request.app.state.settings.patience, _LONGEST)
    return lambda: time.monotonic() < end


routes = [Route(PATH, library)]
