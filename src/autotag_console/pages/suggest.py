"""Thresholds learned from people: what is proposed for each label, why, and which pictures spoke."""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.sentences.suggestions import ASK, asking_command
from autotag_console.fields import read_fields
from autotag_console.learning.background import Background, Progress
from autotag_console.learning.learned import Learned
from autotag_console.refusals import sentence_of
from autotag_console.rendering import render
from autotag_console.views.suggestions import MOST, groups_of

_PATH = "/rules/suggest"


class Asked(Struct, frozen=True):
    """The form: how many missing tags are as bad as a wrong one."""

    wrong_costs: Annotated[float, Meta(ge=0.01, le=100)] = 1.0


async def show(request: Request) -> Response:
    """Show what was learned last, how far it is, or how to begin."""
    learned: Background[float, Learned] = request.app.state.learned
    last, progress = learned.last, learned.progress
    found = last.value.suggestions if last else None
    shown = {
        "progress": progress,
        "fault": sentence_of(learned.fault) if learned.fault else "",
        "found": found,
        "rules": last.value if last else None,
        "at": datetime.fromtimestamp(last.at, UTC).isoformat() if last else "",
        "groups": groups_of(found, last.value.evidence) if last and found else (),
        "proposed": bool(found and found.because("proposed")),
        "more": max(0, len(found.labels) - MOST) if found else 0,
        "wrong_costs": f"{found.wrong_costs:g}" if found else "1",
        "ask": (asking_command(found.labels) or ("" if found.labels else ASK)) if found else "",
    }
    return render(request, "suggest.html", shown)


async def learn(request: Request) -> Response:
    """Begin to read all assets, and show the page."""
    fields = {key: value for key, value in request.state.form.items() if key != "csrf"}
    asked = read_fields(fields, Asked, "form", strict=False)
    request.app.state.learned.start(asked.wrong_costs)
    return RedirectResponse(_PATH, 303)


async def progress(request: Request) -> Response:
    """Answer a script with how many assets are read, of about how many (0: not known), and whether these are all.

    All is null once the result is there.
    """
    under_way: Progress | None = request.app.state.learned.progress
    return JSONResponse({
        "assets": under_way.done if under_way else None,
        "all_read": under_way.all_done if under_way else None,
        "of": under_way.of if under_way else None,
    })  # fmt: skip


routes = [Route(_PATH, show), Route(_PATH, learn, methods=["POST"]), Route("/api/suggest", progress)]
