"""The editor: the active rules as text, or an earlier version, or a change that was suggested."""

from typing import Annotated

from anyio import to_thread
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autotag.domain.errors import Invalid
from autotag.domain.rules.schema_values import Confidence
from autotag.domain.rules_text.completion import complete
from autotag.domain.rules_text.edit import deny_label, set_bars
from autotag.domain.sentences.numbers import threshold_text
from autotag_console.fields import read_fields, read_json
from autotag_console.refusals import sentence_of
from autotag_console.rendering import render
from autotag_console.workbench.form import Draft, active_now, checked, read_draft
from autotag_console.workbench.known_categories import known_categories
from autotag_console.workbench.known_labels import known_labels
from autotag_console.workbench.versions import stored_version

PATH = "/rules/edit"
_KEPT_SECONDS = 60.0


class Change(Struct, frozen=True):
    """A change to begin with: bars of ``label``, or of all labels; or ``deny``, any word: the label is denied.

    ``version`` is an earlier version to begin with.
    """

    label: Annotated[str, Meta(max_length=1000)] = ""
    threshold: Confidence | None = None
    review: Confidence | None = None
    deny: str = ""
    version: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""

    def made_in(self, text: str) -> str:
        """Return ``text`` with the change. Raises ``Invalid`` if it cannot be made."""
        if self.deny:
            return deny_label(text, self.label)
        if self.threshold is None and self.review is None:
            return text
        return set_bars(text, self.label, threshold=self.threshold, review=self.review)

    @property
    def words(self) -> str:
        """What the change is, "" if there is none."""
        if self.deny:
            return f"{self.label} is never written"
        bars = [
            f"{name} of {self.label or 'all labels'} is {threshold_text(bar)}"
            for name, bar in (("the threshold", self.threshold), ("the review bar", self.review))
            if bar is not None
        ]
        return " and ".join(bars)


class Typed(Struct, frozen=True):
    """What stands before and behind the caret, of that the rest of its line."""

    before: Annotated[str, Meta(max_length=1_000_000)]
    after: Annotated[str, Meta(max_length=1_000_000)] = ""


class Text(Struct, frozen=True):
    """A text to check."""

    text: Annotated[str, Meta(max_length=1_000_000)]


async def edit(request: Request) -> Response:
    """Show the editor with the active rules, and in them the change that the address names."""
    change = read_fields(dict(request.query_params), Change, strict=False)
    active = await active_now(request)
    text = (await stored_version(request, change.version)).text if change.version else active.text or ""
    note, refused = "", f"rules {active.seq} cannot be read: {active.fault}" if active.fault else ""
    if change.words:
        try:
            text = await to_thread.run_sync(change.made_in, text)
            note = change.words
        except Invalid as error:
            refused = f"{change.words}: this cannot be put into the text: {error}"
    return await shown(
        request,
        Draft(text, active.seq, change.version),
        note=note,
        refused=refused,
        version=change.version,
        label=change.label,
    )


async def check(request: Request) -> Response:
    """Show the editor with the faults of its text, for a browser without scripts."""
    return await shown(request, read_draft(request))


async def faults(request: Request) -> Response:
    """Answer a script with the faults of a text, as a part of the page."""
    return render(
        request,
        "_rules_faults.html",
        {"found": await checked(request, (await read_json(request, Text)).text, seconds=_KEPT_SECONDS)},
    )


async def offers(request: Request) -> Response:
    """Answer a script with what can be typed at the caret."""
    typed = await read_json(request, Typed)
    labels = await known_labels(request)
    known = await known_categories(request, typed.before, seconds=_KEPT_SECONDS)
    categories = known.names if known else ()
    offer = await to_thread.run_sync(complete, typed.before, typed.after, labels, categories)
    return JSONResponse({**offer._asdict(), "options": [option._asdict() for option in offer.options]})


async def shown(
    request: Request,
    draft: Draft,
    *,
    note: str = "",
    refused: str = "",
    version: str = "",
    label: str = "",
    status: int = 200,
) -> Response:
    """Return the page of the editor with ``draft``, ``note`` (what was changed in it), or what was ``refused``.

    ``label`` is the one whose threshold can be moved at once.
    """
    page = {
        "draft": draft,
        "found": await checked(request, draft.text, version=draft.version),
        "note": note,
        "refused": sentence_of(refused) if refused else "",
        "version": version,
        "label": label,
        "library": request.app.state.settings.library,
    }
    return render(request, "rules_edit.html", page, status)


routes = [
    Route(PATH, edit),
    Route(PATH, check, methods=["POST"]),
    Route("/rules/check", faults, methods=["POST"]),
    Route("/rules/complete", offers, methods=["POST"]),
]
