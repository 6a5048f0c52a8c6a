"""What a page of results says: the cells, how many there are or how far the look got, and where to go on."""

from collections.abc import Sequence

from msgspec import Struct

from autotag.domain.sentences.numbers import counted
from autotag_console.search.cells import Cell
from autotag_console.search.form import SearchForm
from autotag_console.search.live import LivePage

CELLS = 40
"""Pictures of a page."""


class Results(Struct, frozen=True):
    """A page of results. ``said`` counts them; ``rest`` is the address of the next page, "" if this is the last.

    ``none``: nothing at all matches. ``looks_on``: this page ended for lack of time, and the next one goes on.
    """

    cells: Sequence[Cell]
    said: str
    rest: str
    none: bool
    looks_on: bool


def live_results(cells: Sequence[Cell], page: LivePage, form: SearchForm) -> Results:
    """Return what a look at the stack found."""
    looked_at = form.looked + page.looked_at
    far = f"Looked at {'all ' if page.rest is None else ''}{counted(looked_at, 'picture')} of the stack"
    here = f"{counted(len(cells), 'picture')} here. " if cells else ""
    rest = page.rest
    return Results(
        cells,
        f"{here}{far}{'.' if rest is None else ' so far.'}",
        form.address(cursor=rest.cursor, after=rest.after, looked=str(looked_at)) if rest else "",
        none=not cells and rest is None and not form.looked,
        looks_on=rest is not None and len(cells) < CELLS,
    )


def counted_results(cells: Sequence[Cell], total: int, before: int, rest: int | None, form: SearchForm) -> Results:
    """Return a page of results that are all known; ``before`` of ``total`` come before it."""
    said = f"{counted(total, 'picture')}."
    if cells and (before or rest is not None):
        said = f"Pictures {before + 1:,} to {before + len(cells):,} of {total:,}."
    return Results(cells, said, _next(form, rest), none=not total, looks_on=False)


def decided_results(
    cells: Sequence[Cell], looked_at: int, possible: int, rest: int | None, form: SearchForm
) -> Results:
    """Return a page of results for which the rules were asked: they looked at some of those that are possible."""
    here = f"{counted(len(cells), 'picture')} here. " if cells else ""
    said = f"{here}Looked at {looked_at:,} of {counted(possible, 'picture')} that may match."
    if rest is None and not form.after:
        said = f"{counted(len(cells), 'picture')}."
    return Results(
        cells,
        said,
        _next(form, rest),
        none=not cells and rest is None and not form.after,
        looks_on=rest is not None and len(cells) < CELLS,
    )


def _next(form: SearchForm, rest: int | None) -> str:
    return "" if rest is None else form.address(after=str(rest))
