"""The review queue, as operators see it: the tags that need a reviewer's answer, in one of two orders."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from autotag.domain.errors import AutotagError
from autotag.domain.model.audit import iso
from autotag.domain.model.folder_glob import folder_pattern
from autotag.domain.model.labels import label_key
from autotag.domain.review.questions import Question, questions
from autotag.domain.review.waiting import (
    CURSOR,
    Order,
    Place,
    WaitingAsset,
    asked_since,
    cursor_of,
    may_ask,
    place_behind,
    place_of,
)
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.tag_ownership import known_tags
from autotag.ports.operations import CloudName, ReviewQueue, StateReader
from autotag.ports.rules import RulesSource
from autotag.ports.runtime import Start
from autotag.service.review.candidates import Candidates, MostConfident, OldestFirst, waves

_LOOKED_AT = 400
"""The most states that a request reads: some are no longer asked about, or were stored by an earlier release."""

_MOST = 2_000_000
"""Bytes after which a page ends: Lambda's response may have 6 MB, and holds the body as a string in JSON."""


class ReviewList(Struct, frozen=True, forbid_unknown_fields=True, tag="review_list", tag_field="op"):
    """A request for a page of the queue, of a folder (a glob) or a tag. ``cursor`` comes with the page before.

    The order ``confidence`` is of one tag: the most confident question about it comes first.
    """

    folder: Annotated[str, Meta(max_length=1024)] = ""
    tag: Annotated[str, Meta(max_length=255)] = ""
    cursor: Annotated[str, Meta(pattern=CURSOR)] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    order: Order = "oldest"

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if an order needs a tag; a decoder turns it into a ``ValidationError``."""
        if self.order == "confidence" and not label_key(self.tag):
            raise ValueError("the order 'confidence' needs a tag")


class ReviewSources(Struct, frozen=True):
    """What the review queue is read from, several reads at once."""

    index: ReviewQueue
    states: StateReader
    rules: RulesSource
    cloud: CloudName
    start: Start


def review_list(sources: ReviewSources, request: ReviewList, patient: Callable[[], bool]) -> bytes:
    """Return a page as JSON: each tag with its question under the active rules, and the next page's cursor, or null.

    A page may hold fewer assets than requested, or none, and still have a next one. ``waiting`` is the number of assets
    from this page on, null if not known. ``partial``: only the oldest of the queue were looked at for this order.
    While ``patient`` holds, a long queue is read further. Raises ``Invalid`` if the cursor is of another order.
    """
    rules, cloud = sources.start(sources.rules.active), sources.start(sources.cloud.cloud_name)
    with _ended(rules, cloud):
        found = _candidates(sources, request, patient)
        page: list[msgspec.Raw] = []
        size, looked_at, cut = 0, 0, None
        while len(page) < request.limit and looked_at < _LOOKED_AT and size < _MOST:
            some = found.take(min(request.limit - len(page), _LOOKED_AT - looked_at))
            if not some:
                break
            looked_at += len(some)
            states = sources.states.load_all([asset.asset_id for asset in some])
            for asset in some:
                entry = _entry(states.get(asset.asset_id), asset, request, rules().ruleset)
                page += [msgspec.Raw(entry)] if entry else []
                size += len(entry)
                if size >= _MOST and asset is not some[-1]:
                    cut = place_of(asset, request.order, label_key(request.tag))
                    break
        rules()  # raises also for an empty page
        place = cut or found.place
        return msgspec.json.encode(
            {
                "assets": page,
                "cursor": cursor_of(place, request.order) if place else None,
                "cloud_name": cloud(),
                "waiting": found.count,
                "partial": not found.complete if isinstance(found, MostConfident) else False,
            }
        )


@contextmanager
def _ended(*calls: Callable[[], object]) -> Iterator[None]:
    """Let no call outlive the block: Lambda freezes the process after the answer, with every call that still runs."""
    try:
        yield
    finally:
        for call in calls:
            with suppress(AutotagError):
                call()


def _candidates(sources: ReviewSources, request: ReviewList, patient: Callable[[], bool]) -> Candidates:
    tag, after = label_key(request.tag), place_behind(request.cursor, request.order)
    in_folder = folder_pattern(request.folder).fullmatch if request.folder else None

    def wanted(asset: WaitingAsset) -> bool:
        in_place = asset.asks is None or in_folder is None or in_folder(asset.folder) is not None
        return in_place and may_ask(asset, tag)

    def confidence(asset: WaitingAsset) -> Place | None:
        return place_of(asset, "confidence", tag) if wanted(asset) else None

    read = partial(waves, sources.index, sources.start, tag=tag)
    if request.order == "confidence":
        return MostConfident(read(), after, confidence, _LOOKED_AT).read(patient)
    is_filtered = bool(tag or in_folder)
    found = read(since=max(0, after.rank), most=None if is_filtered else request.limit)
    return OldestFirst(found, after, wanted, patient)


def _entry(state: AssetState | None, asset: WaitingAsset, request: ReviewList, ruleset: Ruleset) -> bytes:
    """Return an asset with the questions that the request is about, and the others, as JSON; empty if there is none.

    It is empty, too, if the asset waits since later by now: then it stands behind, and must not be listed twice.
    """
    if state is None or asked_since(state) > asset.since:
        return b""
    wanted, others = _requested(state, request, ruleset)
    if not wanted:
        return b""
    facts = state.facts
    return msgspec.json.encode(
        {
            "asset": state.asset,
            "format": facts.format if facts else "",
            "folder": facts.folder if facts else "",
            "since": iso(asset.since),
            "tags": wanted,
            "others": others,
            "current_tags": sorted(known_tags(state)),
        }
    )


def _requested(state: AssetState, request: ReviewList, ruleset: Ruleset) -> tuple[list[Question], list[Question]]:
    """Return the questions that the request is about, and if it is about some, the others about the asset."""
    folder = state.facts.folder if state.facts else ""
    if state.status == "gone" or (request.folder and not folder_pattern(request.folder).fullmatch(folder)):
        return [], []
    key = label_key(request.tag)
    found = questions(state, ruleset).by_key
    if not key:
        return list(found.values()), []
    return [found[key]] if key in found else [], [question for name, question in found.items() if name != key]
