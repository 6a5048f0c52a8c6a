"""Answers from scripts: given, taken back, and what became of them. A decision that comes twice counts once."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autotag.domain.model.labels import label_key
from autotag.service.review.choices import Answer, Choice, Sent
from autotag.service.review.requests import ReviewDecide, ReviewProgress
from autotag_console.answer_log import Reported, log_of
from autotag_console.ask import asked
from autotag_console.fields import read_json

Id = Annotated[str, Meta(max_length=64)]
"""What a page calls a decision, so that one that it sends again is known; "" if it does not matter."""


class Decision(Choice, frozen=True, forbid_unknown_fields=True):
    """A decision about one tag, as a page sends it."""

    id: Id = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if fields contradict each other, or no tag is named."""
        super().__post_init__()
        if not self.tag:
            raise ValueError("expected a tag")


class SentDecision(Sent, frozen=True, forbid_unknown_fields=True):
    """A decision that was queued, as a page sends it."""

    id: Id = ""


class Decisions(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a request that decides."""

    decisions: Annotated[tuple[Decision, ...], Meta(min_length=1, max_length=100)]


class SentDecisions(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a request that asks what became of decisions."""

    decisions: Annotated[tuple[SentDecision, ...], Meta(min_length=1, max_length=100)]


class Report(Struct, frozen=True):
    """The ops function's report: each decision is in one of the lists."""

    queued: list[dict[str, Any]] = []
    done: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    under_way: list[dict[str, Any]] = []


async def decide(request: Request, decisions: Iterable[Decision]) -> list[Reported]:
    """Have decisions carried out, and return the report about each. Raises what ``asked`` raises.

    Decisions whose ids were reported before are not sent again. Those that another request sends are waited for: a page
    that is left while it sends is followed by one that sends the same again.
    """
    log, decisions = log_of(request), tuple(decisions)
    await log.settled([each.id for each in decisions])
    known = [(each, log.reported(each.id)) for each in decisions]
    fresh = [each for each, reported in known if reported is None]
    found = [reported for _, reported in known if reported is not None]
    if not fresh:
        return found
    choices = tuple(Choice(each.asset, each.tag, each.verdict, each.version, each.of) for each in fresh)
    with log.sending([each.id for each in fresh]):
        report = await asked(request, ReviewDecide(choices), Report)
    for decision, reported in _matched(fresh, report):
        log.record(decision.id, reported)
        found.append(reported)
    return found


async def give(request: Request) -> Response:
    """Answer ``POST /api/answers``: a report with the id of each decision."""
    body = await read_json(request, Decisions)
    report: dict[str, list[dict[str, Any]]] = {"queued": [], "done": [], "refused": []}
    for where, entry in await decide(request, body.decisions):
        report[where].append(entry)
    return Response(msgspec.json.encode(report), media_type="application/json")


async def progress(request: Request) -> Response:
    """Answer ``POST /api/progress``: what became of decisions that were queued."""
    body = await read_json(request, SentDecisions)
    fresh = tuple(Sent(e.asset, e.tag, e.verdict, e.version, e.of, audit_id=e.audit_id) for e in body.decisions)
    report = await asked(request, ReviewProgress(fresh), Report)
    answer: dict[str, list[dict[str, Any]]] = {"done": [], "under_way": [], "refused": []}
    for _, (where, entry) in _matched(body.decisions, report):
        answer[where].append(entry)
    return Response(msgspec.json.encode(answer), media_type="application/json")


def _matched[D: (Decision, SentDecision)](decisions: Iterable[D], report: Report) -> list[tuple[D, Reported]]:
    """Return each decision with what is reported about it, under its id; one without a report is left out."""
    entries: dict[tuple[str, str, Answer, str], Reported] = {}
    for where in Report.__struct_fields__:
        for entry in getattr(report, where):
            entries[_key(entry["asset"], entry["tag"], entry["verdict"], entry.get("of", ""))] = (where, entry)
    matched = []
    for each in decisions:
        named = entries.get(_key(each.asset, each.tag, each.verdict, each.of))
        where, entry = named or entries.get(_key(each.asset, each.tag, each.verdict, "")) or ("", {})
        if where:
            matched.append((each, (where, entry | {"id": each.id, "version": each.version, "of": each.of})))
    return matched


def _key(asset: str, tag: str, verdict: Answer, of: str) -> tuple[str, str, Answer, str]:
    return asset, label_key(tag), verdict, of


routes = [Route("/api/answers", give, methods=["POST"]), Route("/api/progress", progress, methods=["POST"])]
