"""One asset: its picture, its tags by who set them, why, what happened to it, and what can be taken back."""

import asyncio
from typing import Annotated, Any, Literal
from urllib.parse import quote

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import Conflict, Invalid
from autotag.domain.model.audit import Audit
from autotag.domain.sentences.people import explain_people
from autotag.domain.sentences.rule_lines import key_lines, line_in
from autotag.service.operations.api import ListAudits, Show
from autotag.service.operations.replay import Replay
from autotag_console.ask import ActiveRules, asked
from autotag_console.fields import read_fields
from autotag_console.pages.answers import Decision, decide
from autotag_console.pages.rules import active_rules
from autotag_console.pictures import picture_url
from autotag_console.question_view import AT_RANDOM
from autotag_console.rendering import render
from autotag_console.views.cloudinary_page import cloudinary_page
from autotag_console.views.decision import last_decision
from autotag_console.views.history import entries
from autotag_console.views.stored_asset import StoredAsset
from autotag_console.views.tags_by_owner import tags_by_owner

_HISTORY = 50
"""Audits that the page shows at most."""


class ReplayResult(Struct, frozen=True):
    """The comparison of a decision with its repetition."""

    audit_id: str
    identical: bool
    decided: bool
    differences: tuple[str, ...]


class Wanted(Struct, frozen=True):
    """What the address says besides the asset: an audit to ``replay``, and what an answer before has ``said``."""

    replay: Annotated[str, Meta(max_length=256)] = ""
    said: Literal["", "queued", "done"] = ""


class Answered(Struct, frozen=True):
    """A form with an answer about a tag, or with one to take back (``of`` is its audit_id)."""

    tag: Annotated[str, Meta(min_length=1, max_length=255)]
    verdict: Literal["accept", "reject", "undo"]
    version: str
    of: Annotated[str, Meta(max_length=256)] = ""


async def show(request: Request) -> Response:
    """Show the asset that the address names by its asset_id or public_id."""
    name, wanted = str(request.path_params["asset"]), read_fields(request.query_params, Wanted)
    stored, audits, active, replayed = await asyncio.gather(
        asked(request, read_fields({"op": "show", "asset": name}, Show), StoredAsset),
        asked(request, read_fields({"op": "audits", "asset": name, "limit": _HISTORY}, ListAudits), list[Audit]),
        active_rules(request),
        _replayed(request, wanted.replay),
    )
    shown = _shown(request, stored, audits, active) | {"replayed": replayed, "said": wanted.said}
    return render(request, "asset.html", shown)


def _shown(request: Request, stored: StoredAsset, audits: list[Audit], active: ActiveRules) -> dict[str, Any]:
    delivery = request.app.state.settings.delivery.of_cloud(stored.delivery.cloud_name)
    decision = last_decision(audits, stored.people)
    lines = key_lines(active.text or "") if decision and decision.audit.rules.version == active.version else {}

    def place(rule: str) -> str:
        """Return the address of a rule's line, "" if the rules that decided are not the active ones any more."""
        line = line_in(lines, rule)
        return f"/rules#L{line}" if line else ""

    return {
        "stored": stored,
        "address": f"/asset/{quote(stored.asset.asset_id, safe='')}",
        "picture": picture_url(delivery, stored.asset, stored.format, "deck"),
        "large": picture_url(delivery, stored.asset, stored.format, "large"),
        "cloudinary": cloudinary_page(delivery, stored.asset),
        "tags": tags_by_owner(stored.picture, audits),
        "people": explain_people(stored.picture, audits),
        "decision": decision,
        "place": place,
        "history": entries(audits),
        "at_random": AT_RANDOM,
        "more": len(audits) == _HISTORY,
    }


async def answer(request: Request) -> Response:
    """Send an answer from the page's forms, and show the page again."""
    given = read_fields({key: value for key, value in request.state.form.items() if key != "csrf"}, Answered)
    if not given.version.isdecimal() or len(given.version) > 12:
        raise Invalid("version", "expected a number")
    name = str(request.path_params["asset"])
    try:
        decision = Decision(name, given.tag, given.verdict, int(given.version), given.of)
    except ValueError as error:
        raise Invalid("answer", str(error)) from error
    (where, entry), *_ = await decide(request, [decision])
    if where == "refused":
        raise Conflict(str(entry.get("why") or "the answer was refused"))
    return RedirectResponse(f"/asset/{quote(name, safe='')}?said={where}", 303)


async def _replayed(request: Request, audit_id: str) -> ReplayResult | None:
    return await asked(request, Replay(audit_id), ReplayResult) if audit_id else None


routes = [
    Route("/asset/{asset:path}/answer", answer, methods=["POST"]),
    Route("/asset/{asset:path}", show, name="asset"),
]
