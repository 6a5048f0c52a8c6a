"""The search of the export: all at once, but for what the rules have to be asked about."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from autotag.domain.errors import Invalid, Retryable
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.search.query import Query
from autotag_console.fields import read_fields
from autotag_console.kept import in_time
from autotag_console.library.reading import ExportReading
from autotag_console.pages.library import (
    Shown,
    cells_for,
    library,
    patience,
    show,
    without_empty_fields,
)
from autotag_console.pages.rules import active_ruleset
from autotag_console.search.form import PATH, SearchForm
from autotag_console.search.results import CELLS, counted_results, decided_results
from autotag_console.settings import LibraryFile
from autotag_library.search.index import SearchIndex, open_index
from autotag_library.search.search import FoundPage, search


def library_routes(file: LibraryFile) -> Sequence[BaseRoute]:
    """Return the pages that search this export, and the stack where that is asked for."""
    reading = ExportReading(file, lambda providers: _opened(file.path, providers))

    async def searched(request: Request) -> Response:
        form = read_fields(request.query_params, SearchForm, strict=False)
        return await library(request) if form.where == "stack" else await _in_export(request, form, reading)

    async def is_ready(request: Request) -> Response:
        """Answer a script whether the export is read."""
        return JSONResponse({"ready": not reading.is_reading})

    return [Route(PATH, searched), Route("/api/library", is_ready)]


async def _in_export(request: Request, form: SearchForm, reading: ExportReading[SearchIndex]) -> Response:
    if cleaned := without_empty_fields(request, form):
        return cleaned
    try:
        query, after = form.query(), _row(form.after)
    except Invalid as fault:
        return await show(request, form, Shown(fault=str(fault)))
    active = await active_ruleset(request)
    index = _index(reading, active.ruleset)
    if not query.terms:
        return await show(request, form, Shown())
    if index is None:
        await in_time(request, to_thread.run_sync(reading.wait, abandon_on_cancel=True))
        index = _index(reading, active.ruleset)
    if index is None:
        return await show(request, form, Shown(reading=True))
    page = await to_thread.run_sync(_search, index, query, active.ruleset, after, patience(request))
    cells = await cells_for(request, page.found, query)
    if page.total is None:
        results = decided_results(cells, page.looked_at, page.possible, page.rest, form)
    else:
        results = counted_results(cells, page.total, page.before, page.rest, form)
    return await show(request, form, Shown(results), active.text)


def _index(reading: ExportReading[SearchIndex], ruleset: Ruleset) -> SearchIndex | None:
    """Return what is searched, with the labels of the rules' providers alone; None while it is being read."""
    providers = tuple(dict.fromkeys(ruleset.providers))
    return reading.get(providers, lambda index: index.library.providers == providers)


def _opened(file: Path, providers: tuple[str, ...]) -> SearchIndex:
    with _readable(file):
        return open_index(file, providers)


def _search(index: SearchIndex, query: Query, ruleset: Ruleset, after: int, patient: Callable[[], bool]) -> FoundPage:
    with _readable(index.file):
        return search(index, query, ruleset, after, CELLS, patient)


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Raise ``Retryable`` where the export cannot be read."""
    try:
        yield
    except duckdb.Error as error:
        raise Retryable(f"the export {file.name} cannot be read: {str(error).splitlines()[0]}") from error


def _row(text: str) -> int:
    if text and not (text.isdecimal() and len(text) <= 12):
        raise Invalid("after", "expected the number of a row")
    return int(text or -1)
