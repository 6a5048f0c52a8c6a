"""Reviewers' answers about the tags in the review queue: checked and queued here, and carried out by a worker."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from autotag.domain.errors import Invalid, Missing
from autotag.domain.model.audit import audit_id, parts_of
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import Message, MessageOrigin, ReviewAnswered
from autotag.domain.review.answer_audit import UNIQUE
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.tag_ownership import ECHO_SLACK
from autotag.ports.audits import AuditReader
from autotag.ports.intake import Queue
from autotag.ports.operations import ReviewQueue
from autotag.ports.runtime import Clock
from autotag.service.review.choices import Answer as Answer
from autotag.service.review.choices import Choice as Choice
from autotag.service.review.choices import Sent as Sent
from autotag.service.review.queue import ReviewList
from autotag.service.review.sample import ReviewSample
from autotag.service.review.summary import QueueCounter, ReviewSummary
from autotag.service.review.undo import each_tag, failure, is_done, meant, objection, under_way

_TOGETHER = 25
"""Tags in a message at most, so that it always fits."""


class ReviewDecide(Struct, frozen=True, forbid_unknown_fields=True, tag="review_decide", tag_field="op"):
    """A request to carry out answers."""

    decisions: Annotated[tuple[Choice, ...], Meta(min_length=1, max_length=100)]


class ReviewProgress(Struct, frozen=True, forbid_unknown_fields=True, tag="review_progress", tag_field="op"):
    """A request to report which answers are carried out by now."""

    decisions: Annotated[tuple[Sent, ...], Meta(min_length=1, max_length=100)]


ReviewRequest = ReviewList | ReviewSummary | ReviewDecide | ReviewProgress | ReviewSample


class Reviews(Struct, frozen=True):
    """The review queue, its last count, the queue for answers, and the audits of answers that are taken back."""

    index: ReviewQueue
    counter: QueueCounter
    queue: Queue
    records: AuditReader


Find = Callable[[str], AssetState]
"""Returns the state of an asset by its asset_id or public_id; raises ``Missing`` or ``Invalid``."""

Report = dict[str, list[dict[str, Any]]]


def review_decide(reviews: Reviews, find: Find, request: ReviewDecide, by: str, clock: Clock) -> Report:
    """Queue the answers of ``by``; return those ``queued``, ``done`` already, or ``refused`` with the reason.

    One that repeats an answer that is being carried out is queued as that, under its audit_id.
    """
    report: Report = {"queued": [], "done": [], "refused": []}
    chosen: dict[tuple[str, str], Choice] = {}
    fresh: dict[str, tuple[AssetState, list[Choice]]] = {}
    now = clock.now()
    for choice, state in _found(find, request.decisions, reviews.records):
        if isinstance(state, str):
            report["refused"].append(_refused(choice, state))
            continue
        asset_id = state.asset.asset_id
        before = chosen.setdefault((asset_id, label_key(choice.tag)), choice)
        if (before.verdict, before.of) != (choice.verdict, choice.of):
            why = f"the answer before it is {before.verdict!r}"
        else:
            why = objection(state, choice, reviews.records) or _ahead(choice, now)
        if why:
            report["refused"].append(_refused(choice, why))
        elif is_done(state, choice, reviews.records):
            report["done"].append(_named(state, choice))
        elif same := under_way(state, choice):
            report["queued"].append(_named(state, choice) | {"audit_id": same})
        else:
            fresh.setdefault(asset_id, (state, []))[1].append(choice)
    messages: list[Message] = []
    for state, choices in fresh.values():
        for message, some in _messages(state, choices, by, now):
            messages.append(message)
            identifier = audit_id(message.asset_id, message.observed_at, message.source.digest[:UNIQUE])
            report["queued"] += [_named(state, choice) | {"audit_id": identifier} for choice in some]
    reviews.queue.send(messages)
    return report


def review_progress(records: AuditReader, find: Find, request: ReviewProgress) -> Report:
    """Return the answers that are ``done``, ``under_way``, or ``refused``, with the change that came in between."""
    report: Report = {"done": [], "under_way": [], "refused": []}
    for choice, state in _found(find, request.decisions, records):
        if isinstance(state, str):
            report["refused"].append(_refused(choice, state))
        elif is_done(state, choice, records):
            report["done"].append(_named(state, choice))
        elif state.intent is None and (why := objection(state, choice, records) or failure(state, choice, records)):
            report["refused"].append(_refused(choice, why))
        else:
            report["under_way"].append(_named(state, choice))
    return report


def _ahead(choice: Choice, now: int) -> str:
    """Return an error if the answer to take back lies further in the future than a clock may be wrong, else ""."""
    is_ahead = choice.verdict == "undo" and parts_of(choice.of).at > now + ECHO_SLACK
    return f"there is no such answer: {choice.of!r} lies in the future" if is_ahead else ""


def _found(find: Find, decisions: Iterable[Choice], records: AuditReader) -> Iterator[tuple[Choice, AssetState | str]]:
    """Yield each choice with the state of its asset, or with an error message if it has none."""
    known: dict[str, AssetState | str] = {}
    for choice in decisions:
        if choice.asset not in known:
            try:
                known[choice.asset] = find(choice.asset)
            except (Missing, Invalid) as error:
                known[choice.asset] = str(error)
        state = known[choice.asset]
        if isinstance(state, str):
            yield choice, state
            continue
        try:
            choices = each_tag(state, choice, records)
        except Invalid as error:
            yield choice, str(error)
            continue
        yield from ((each, state) for each in choices)


def _named(state: AssetState, choice: Choice) -> dict[str, Any]:
    named = {"asset": state.asset.asset_id, "public_id": state.asset.public_id, "tag": choice.tag}
    answer = {"verdict": choice.verdict, "version": state.asset.version}
    return {**named, **answer} | ({"of": choice.of} if choice.of else {})


def _refused(choice: Choice, why: str) -> dict[str, Any]:
    return {"asset": choice.asset, "tag": choice.tag, "verdict": choice.verdict, "why": why}


def _messages(
    state: AssetState, choices: list[Choice], by: str, now: int
) -> Iterator[tuple[ReviewAnswered, tuple[Choice, ...]]]:
    """Yield the messages for ``choices``, each with the choices that it holds. A message undoes one answer at most."""
    asset = state.asset
    said = {label_key(choice.tag): (meant(state, choice), choice) for choice in choices}
    alike: dict[str, list[tuple[Choice, Choice]]] = {}
    for pair in said.values():
        alike.setdefault(pair[0].of, []).append(pair)
    for of, pairs in alike.items():
        for some in batched(pairs, _TOGETHER, strict=False):
            accept, reject, clear = (
                tuple(choice.tag for choice, _ in some if choice.verdict == verdict)
                for verdict in ("accept", "reject", "clear")
            )
            undo = tuple((choice.tag, of) for choice, _ in some) if of else ()
            content = msgspec.json.encode([asset.asset_id, asset.version, by, accept, reject, clear, undo])
            source = MessageOrigin("review", hashlib.sha256(content).hexdigest())
            at = _moment(state, [choice for choice, _ in some], now)
            message = ReviewAnswered(asset.asset_id, asset.version, by, at, source, accept, reject, clear, undo)
            yield message, tuple(choice for _, choice in some)


def _moment(state: AssetState, some: list[Choice], now: int) -> int:
    """Return the time of answers: now, but always later than what they take back or follow, even if clocks differ."""
    said = [parts_of(choice.of).at for choice in some if choice.of]
    preferences = [state.people[key] for choice in some if (key := label_key(choice.tag)) in state.people]
    said += [preference.at for preference in preferences if preference.withdrawn and preference.at <= now + ECHO_SLACK]
    return max(now, *(at + 1 for at in said)) if said else now
