"""What operators answer about the tags in the review queue: checked here, queued, and carried out by a worker."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from autotag.domain.answers import removals
from autotag.domain.audit import audit_id
from autotag.domain.errors import Invalid, Missing
from autotag.domain.labels import label_key
from autotag.domain.message import Message, Reviewed, Source
from autotag.domain.people import standing
from autotag.domain.state import AssetState, is_deleted
from autotag.service.again import Recorded
from autotag.service.ports import Clock, Queue
from autotag.service.review_list import ReviewList, Waiting

Answer = Literal["accept", "reject", "clear"]

_TOGETHER = 25
"""Tags that a message takes, so that it always fits."""


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person answers about one tag of an asset, named by its asset_id or public_id.

    ``version`` is the one that they looked at, 0 where that does not matter.
    """

    asset: Annotated[str, Meta(min_length=1, max_length=1024)]
    tag: Annotated[str, Meta(min_length=1, max_length=255)]
    verdict: Answer
    version: Annotated[int, Meta(ge=0)] = 0


class Sent(Choice, frozen=True, forbid_unknown_fields=True):
    """A choice that was queued, with the id of the audit that carrying it out will have."""

    audit_id: Annotated[str, Meta(max_length=256)] = ""


class ReviewDecide(Struct, frozen=True, forbid_unknown_fields=True, tag="review_decide", tag_field="op"):
    """Answers to be carried out soon."""

    decisions: Annotated[tuple[Choice, ...], Meta(min_length=1, max_length=100)]


class ReviewProgress(Struct, frozen=True, forbid_unknown_fields=True, tag="review_progress", tag_field="op"):
    """Which answers are carried out by now."""

    decisions: Annotated[tuple[Sent, ...], Meta(min_length=1, max_length=100)]


ReviewRequest = ReviewList | ReviewDecide | ReviewProgress


class Reviews(Struct, frozen=True):
    """The review queue, and where answers are queued."""

    index: Waiting
    queue: Queue


Find = Callable[[str], AssetState]
"""Returns the state of an asset by either of its names; raises ``Missing`` or ``Invalid``."""

Told = dict[str, list[dict[str, Any]]]


def review_decide(reviews: Reviews, find: Find, asked: ReviewDecide, by: str, clock: Clock) -> Told:
    """Queue the answers of ``by``; return those ``queued``, those ``done`` already and those ``refused``, with why."""
    told: Told = {"queued": [], "done": [], "refused": []}
    chosen: dict[tuple[str, str], Answer] = {}
    fresh: dict[str, tuple[AssetState, list[Choice]]] = {}
    for choice, state in _found(find, asked.decisions):
        if isinstance(state, str):
            told["refused"].append(_refused(choice, state))
            continue
        asset_id = state.asset.asset_id
        before = chosen.setdefault((asset_id, label_key(choice.tag)), choice.verdict)
        why = _objection(state, choice) if before == choice.verdict else f"the answer before it is {before!r}"
        if why:
            told["refused"].append(_refused(choice, why))
        elif is_done(state, choice):
            told["done"].append(_named(state, choice))
        else:
            fresh.setdefault(asset_id, (state, []))[1].append(choice)
    messages: list[Message] = []
    for state, choices in fresh.values():
        for message, some in _messages(state, choices, by, clock.now()):
            messages.append(message)
            identifier = audit_id(message.asset_id, message.observed_at, message.source.digest[:12])
            told["queued"] += [_named(state, choice) | {"audit_id": identifier} for choice in some]
    reviews.queue.send(messages)
    return told


def review_progress(records: Recorded, find: Find, asked: ReviewProgress) -> Told:
    """Return which answers are ``done``, ``under_way``, or ``refused`` since something came in between, with why."""
    told: Told = {"done": [], "under_way": [], "refused": []}
    for choice, state in _found(find, asked.decisions):
        if isinstance(state, str):
            told["refused"].append(_refused(choice, state))
        elif is_done(state, choice):
            told["done"].append(_named(state, choice))
        elif state.intent is None and (why := _objection(state, choice) or _failure(records, choice)):
            told["refused"].append(_refused(choice, why))
        else:
            told["under_way"].append(_named(state, choice))
    return told


def is_done(state: AssetState, choice: Choice) -> bool:
    """Whether a person's wish is as ``choice`` says, and nothing is left to do for it."""
    return state.intent is None and _is_wish(state, choice)


def _is_wish(state: AssetState, choice: Choice) -> bool:
    key = label_key(choice.tag)
    if choice.verdict == "clear":
        return key in state.people and state.people[key].cleared
    wish = standing(state).get(key)
    return wish is not None and wish.want == ("add" if choice.verdict == "accept" else "remove")


def _objection(state: AssetState, choice: Choice) -> str:
    """Say why ``choice`` cannot be carried out, or "" where it can, or is."""
    key, name = label_key(choice.tag), state.asset.public_id
    if is_deleted(state):
        return f"{name!r} was deleted"
    if choice.version not in (0, state.asset.version):
        return f"{name!r} was overwritten since"
    if _is_wish(state, choice):
        return ""
    if choice.verdict == "clear":
        return "" if key in removals(state) else f"nobody removed {choice.tag!r} from {name!r}"
    coming = state.intent.outcome.review if state.intent else ()
    asked = key in map(label_key, (*state.review, *coming))
    return "" if asked else f"nobody is asked about {choice.tag!r} of {name!r}"


def _failure(records: Recorded, choice: Choice) -> str:
    record = records.get(choice.audit_id) if isinstance(choice, Sent) and choice.audit_id else None
    return str(record.reason) if record is not None and record.outcome == "failed" else ""


def _found(find: Find, decisions: Iterable[Choice]) -> Iterator[tuple[Choice, AssetState | str]]:
    """Yield each choice with the state of its asset, or with a sentence that says why there is none."""
    known: dict[str, AssetState | str] = {}
    for choice in decisions:
        if choice.asset not in known:
            try:
                known[choice.asset] = find(choice.asset)
            except (Missing, Invalid) as error:
                known[choice.asset] = str(error)
        yield choice, known[choice.asset]


def _named(state: AssetState, choice: Choice) -> dict[str, Any]:
    named = {"asset": state.asset.asset_id, "public_id": state.asset.public_id, "tag": choice.tag}
    return named | {"verdict": choice.verdict, "version": state.asset.version}


def _refused(choice: Choice, why: str) -> dict[str, Any]:
    return {"asset": choice.asset, "tag": choice.tag, "verdict": choice.verdict, "why": why}


def _messages(
    state: AssetState, choices: list[Choice], by: str, now: int
) -> Iterator[tuple[Reviewed, tuple[Choice, ...]]]:
    """Yield the messages that say ``choices``, each with those that it says."""
    asset, left = state.asset, iter({label_key(choice.tag): choice for choice in choices}.values())
    while some := tuple(islice(left, _TOGETHER)):
        accept, reject, clear = (
            tuple(choice.tag for choice in some if choice.verdict == verdict)
            for verdict in ("accept", "reject", "clear")
        )
        content = msgspec.json.encode([asset.asset_id, asset.version, by, accept, reject, clear])
        source = Source("review", hashlib.sha256(content).hexdigest())
        yield Reviewed(asset.asset_id, asset.version, by, now, source, accept, reject, clear), some
