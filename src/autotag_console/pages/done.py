"""My last answers, each with what became of it and a way back."""

from itertools import batched

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import Missing
from autotag.service.review.choices import Sent
from autotag.service.review.requests import ReviewProgress
from autotag_console.answer_log import Given, log_of
from autotag_console.ask import asked
from autotag_console.pages.answers import Decision, Report, decide
from autotag_console.rendering import render

_AT_ONCE = 100
"""Answers that the ops function looks up in one request."""

_WORDS = {"done": "carried out", "under_way": "on its way", "refused": "not carried out"}


class Line(Struct, frozen=True):
    """An answer and what became of it; ``why`` is the reason that it was refused, or could not be taken back."""

    given: Given
    became: str
    why: str


async def done(request: Request) -> Response:
    """Show the last answers that were given in this console, the newest first."""
    log = log_of(request)
    given = tuple(log.newest())
    became = await _progress(request, [each for each in given if each.can_go_back])
    lines = [_line(each, *became.get((each.audit_id, each.tag), ("", ""))) for each in given]
    return render(request, "done.html", {"lines": lines})


async def take_back(request: Request) -> Response:
    """Take an answer back that the list shows. Raises ``Missing`` if it was not given here."""
    form, log = request.state.form, log_of(request)
    given = log.find(form.get("of", ""), form.get("tag", ""))
    if given is None:
        raise Missing("there is no such answer in this list")
    if given.can_go_back:
        await decide(request, [Decision(given.asset, given.tag, "undo", given.version, given.audit_id)])
    return RedirectResponse("/review/done", 303)


async def _progress(request: Request, given: list[Given]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what became of answers, and why, by audit_id and tag. Raises what ``asked`` raises."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for some in batched(given, _AT_ONCE, strict=False):
        sent = tuple(Sent(g.asset, g.tag, g.verdict, g.version, audit_id=g.audit_id) for g in some)
        report = await asked(request, ReviewProgress(sent), Report)
        by_name = {
            (entry["asset"], entry["tag"], entry["verdict"]): (where, str(entry.get("why") or ""))
            for where in _WORDS
            for entry in getattr(report, where)
        }
        found |= {(g.audit_id, g.tag): by_name.get((g.asset, g.tag, g.verdict), ("", "")) for g in some}
    return found


def _line(given: Given, where: str, why: str) -> Line:
    if given.taken_back:
        return Line(given, "taken back", given.why)
    if not given.audit_id:
        return Line(given, "not carried out" if given.why else "it was so before", given.why)
    return Line(given, _WORDS.get(where, "sent"), given.why or why)


routes = [Route("/review/done", done), Route("/review/done", take_back, methods=["POST"])]
