"""What other rules would change, in numbers and in pictures, and how a label's confidences are spread."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated

import duckdb
from anyio import to_thread
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from autotag.domain.errors import Conflict, Invalid, Missing, Retryable
from autotag.domain.model.labels import Provider, label_key
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.compiled.settings import bar_of
from autotag.domain.rules_text.categories import KnownCategories
from autotag.domain.rules_text.edit import set_bars, set_provider_bars
from autotag.domain.sentences.numbers import threshold_text
from autotag_console.fields import read_fields, read_json
from autotag_console.pages.library import delivery_of
from autotag_console.pages.rules import KEPT_SECONDS, active_ruleset
from autotag_console.pictures import Delivery
from autotag_console.rendering import render
from autotag_console.views.histogram import histogram
from autotag_console.whatif.effects import DIRECTIONS, Direction, Effect, compiled
from autotag_console.whatif.opened import Opened
from autotag_console.whatif.pictures import cells_of
from autotag_console.workbench.effect_view import EffectView, TagNumbers, effect_view
from autotag_console.workbench.form import Draft
from autotag_console.workbench.known_categories import known_categories
from autotag_console.workbench.library_pages import LibraryPages
from autotag_library.columns.identities import Identity, identities_of
from autotag_library.confidences import spread_of

PAGE = 40
"""Pictures of a page."""

NAMES = 20
"""Names of labels that are offered."""

Page = Callable[[Request, Opened], Awaitable[Response]]

Bar = Annotated[float, Meta(ge=0, le=1)]


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """What a script asks: the rules in ``text``, with other bars of ``label``, all others, ``providers`` if given."""

    text: str
    exact: bool = True
    label: str = ""
    threshold: Bar | UnsetType = UNSET
    default_threshold: Bar | UnsetType = UNSET
    review: Bar | UnsetType = UNSET
    providers: dict[Provider, Bar] = {}


class Pictures(Struct, frozen=True):
    """Which pictures a page shows: of the effect ``key``, those that change in a tag so, from the ``begin``th on."""

    key: str
    tag: str
    direction: Direction
    begin: Annotated[int, Meta(ge=0)] = 0


class OfLabel(Struct, frozen=True):
    """A label's name."""

    label: str


def whatif_pages(opened: Opened) -> LibraryPages:
    """Return what an export adds to the workbench."""

    async def effect(request: Request, draft: Draft) -> EffectView | None:
        try:
            categories = await known_categories(request, draft.text, version=draft.version, seconds=KEPT_SECONDS)
            rules = await to_thread.run_sync(compiled, draft.text, categories)
            found = await _effect_of(request, opened, rules, exact=True)
        except (Invalid, Conflict, Retryable, duckdb.Error):
            return None  # a push goes without it: the editor has said why
        return view_of(found, opened.file.at) if found else None

    return LibraryPages(whatif_routes(opened), effect, opened.label_names)


def whatif_routes(opened: Opened) -> Sequence[BaseRoute]:
    """Return the pages that an export answers."""
    return [
        Route("/api/whatif", _answering(opened, what_if), methods=["POST"]),
        Route("/api/whatif/labels", _answering(opened, label_names)),
        Route("/rules/whatif/pictures", _answering(opened, pictures)),
        Route("/rules/histogram", _answering(opened, label_histogram)),
    ]


def _answering(opened: Opened, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await page(request, opened)
        except duckdb.Error as error:
            raise Retryable(f"the export cannot be read ({str(error).splitlines()[0]})") from error

    return answer


async def what_if(request: Request, opened: Opened) -> Response:
    """Answer a script: the text with the bars that it asked for, and what these rules change."""
    asked = await read_json(request, Asked)
    categories = await known_categories(request, asked.text, seconds=KEPT_SECONDS)
    text, rules = await to_thread.run_sync(_edited, asked, categories)  # to parse long rules takes a while
    bars = _bars(rules, asked.label)
    shown: dict[str, object] = {"text": text, "bars": bars, "providers": _provider_bars(rules)}
    shown["overruled"] = _overruled(asked, bars)
    effect = await _effect_of(request, opened, rules, exact=asked.exact)
    if effect is None:
        return JSONResponse(shown | {"reading": True})
    html = render(request, "whatif_effect.html", {"effect": view_of(effect, opened.file.at)}).body
    return JSONResponse(shown | {"exact": effect.is_exact, "effect": bytes(html).decode()})


async def _effect_of(request: Request, opened: Opened, rules: Ruleset, *, exact: bool) -> Effect | None:
    """Return what ``rules`` change against the active ones, None while the export is being read.

    Raises ``Invalid`` if the active ones cannot be read.
    """
    active = (await active_ruleset(request)).ruleset
    library = opened.library((*active.providers, *rules.providers))
    if library is None:
        return None
    return await to_thread.run_sync(
        lambda: opened.effects.of(library, active, rules, exact=exact), abandon_on_cancel=True
    )


def _edited(asked: Asked, categories: KnownCategories | None) -> tuple[str, Ruleset]:
    """Return the text with the bars that were asked for, and its rules. Raises ``Invalid``."""
    text = asked.text
    if asked.threshold is not UNSET and asked.label:
        text = set_bars(text, asked.label, threshold=asked.threshold)
    if asked.default_threshold is not UNSET:
        text = set_bars(text, "", threshold=asked.default_threshold)
    if asked.review is not UNSET:
        text = set_bars(text, "", review=asked.review)
    if asked.providers:
        text = set_provider_bars(text, asked.providers)
    return text, compiled(text, categories)


def _bars(rules: Ruleset, label: str) -> dict[str, float | None]:
    """Return the bars that count where no block sets others; that of the label is None if there is no label."""
    settings = rules.settings_for(Subject(), {})
    own = settings.label_plans.lookup(label).threshold if label else None
    return {
        "threshold": (settings.threshold if own is None else own) if label else None,
        "default_threshold": settings.threshold,
        "review": settings.review,
    }


def _provider_bars(rules: Ruleset) -> dict[str, float]:
    """Return the bars of providers; none where one provider counts, whose bar is the threshold of all labels."""
    if len(rules.providers) < 2 and not rules.bars:
        return {}
    settings = rules.settings_for(Subject(), {})
    return {name: bar_of(name, settings)[0] for name in rules.providers}


def _overruled(asked: Asked, bars: Mapping[str, float | None]) -> str:
    """Return a sentence that names the bars that were asked for in vain, "" if there are none."""
    wanted = {"threshold": asked.threshold, "default_threshold": asked.default_threshold, "review": asked.review}
    vain = [name for name, bar in wanted.items() if bar is not UNSET and bar != bars[name]]
    if not vain or (vain == ["threshold"] and not asked.label):
        return ""
    counts = ", ".join("none" if (bar := bars[name]) is None else threshold_text(bar) for name in vain)
    return f"It stands in the text, but a block [[when]] sets another value, which counts: {counts}."


def view_of(effect: Effect, at: str) -> EffectView:
    """Return what is shown of an effect on an export that was made at ``at`` (ISO 8601)."""
    numbers: dict[str, TagNumbers] = {}
    for counts, ways in ((effect.counts.tags, DIRECTIONS[:2]), (effect.counts.questions, DIRECTIONS[2:])):
        for each in counts:
            of_tag = numbers.setdefault(each.tag, TagNumbers(each.tag, dict.fromkeys(DIRECTIONS, 0)))
            of_tag.numbers[ways[0]] += each.gained
            of_tag.numbers[ways[1]] += each.lost
    found = effect.found
    return effect_view(
        effect.key,
        at,
        numbers.values(),
        changed=found.changes.changed,
        assets=effect.size,
        looked_at=found.assets,
        undecided=found.undecided,
        apart=found.apart,
        without_metadata=effect.without_metadata,
    )


async def pictures(request: Request, opened: Opened) -> Response:
    """Show the pictures that change in a tag."""
    asked = read_fields(request.query_params, Pictures, strict=False)
    effect = opened.effects.kept(asked.key)
    if effect is None:
        raise Missing("these rules were compared too long ago: change them, or load the workbench again")
    rows = effect.assets(asked.tag, asked.direction)
    some = rows[asked.begin : asked.begin + PAGE].tolist()
    library = opened.library((*effect.old.providers, *effect.new.providers))
    assets = await to_thread.run_sync(identities_of, opened.file.path, some)
    delivery = await _delivery(request, opened, assets)
    cells = await to_thread.run_sync(cells_of, delivery, library, effect, asked.tag, assets)
    end = asked.begin + len(cells)
    shown = {
        "asked": asked, "cells": cells, "number": len(rows), "exact": effect.is_exact, "at": opened.file.at,
        "first": asked.begin + 1, "last": end, "next": end if end < len(rows) else None,
    }  # fmt: skip
    return render(request, "whatif_pictures.html", shown)


async def _delivery(request: Request, opened: Opened, assets: Sequence[Identity]) -> Delivery:
    """Return where pictures are delivered: by the stack's own cloud, which is asked for once."""
    if opened.delivery is None and assets:
        opened.delivery = await delivery_of(request, assets[0].asset.asset_id)
    return opened.delivery or request.app.state.settings.delivery


async def label_names(request: Request, opened: Opened) -> Response:
    """Answer a script: names of labels that begin so, then others that hold it."""
    begin = label_key(request.query_params.get("begin", ""))
    keys = ((label_key(name), name) for name in opened.label_names()) if begin else ()
    found = sorted((not key.startswith(begin), key, name) for key, name in keys if begin in key)
    return JSONResponse({"names": [name for _, _, name in found[:NAMES]]})


async def label_histogram(request: Request, opened: Opened) -> Response:
    """Show how the confidences of a label are spread, and what people said of it."""
    label = read_fields(request.query_params, OfLabel).label
    library = opened.library((await active_ruleset(request)).ruleset.providers)
    if library is None:
        return render(request, "whatif_histogram.html", {"label": label, "drawing": None, "found": False})
    judged = opened.verdicts(label_key(label))
    spread = await to_thread.run_sync(spread_of, library, label, judged.rows, judged.added)
    drawing = histogram(label, spread.pictures, spread.right, spread.wrong, whole=True)
    return render(
        request, "whatif_histogram.html", {"label": label, "drawing": drawing, "found": bool(spread.pictures)}
    )
