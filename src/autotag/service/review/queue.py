"""The review queue, as operators see it: the tags that need a reviewer's answer, the oldest question first."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from autotag.domain.model.audit import iso
from autotag.domain.model.folder_glob import folder_pattern
from autotag.domain.model.labels import label_key
from autotag.domain.review.questions import Question, questions
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import SHARDS, AssetState
from autotag.ports.operations import ReviewQueue

_LOOKED_AT = 400
"""The most assets that a request reads, however few of them pass its filter."""

_MOST = 2_000_000
"""Bytes after which a page ends: Lambda's response may have 6 MB, and holds the body as a string in JSON."""


class ReviewList(Struct, frozen=True, forbid_unknown_fields=True, tag="review_list", tag_field="op"):
    """A request for a page of the queue, of a folder (a glob) or a tag. ``cursor`` comes with the page before."""

    folder: Annotated[str, Meta(max_length=1024)] = ""
    tag: Annotated[str, Meta(max_length=255)] = ""
    cursor: Annotated[str, Meta(pattern=r"^([0-9]{1,15}:[0-9A-Za-z_-]{1,64})?$")] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


def review_list(
    index: ReviewQueue, load: Callable[[str], AssetState | None], request: ReviewList, ruleset: Ruleset
) -> bytes:
    """Return a page as JSON: each tag with its question under ``ruleset``, and the next page's cursor, or null.

    A page may hold fewer assets than requested, or none, and still have a next one.
    """
    page: list[msgspec.Raw] = []
    cursor, size, looked_at = request.cursor, 0, 0
    for since, asset_id in _after(index, request.cursor):
        if len(page) >= request.limit or looked_at >= _LOOKED_AT or size >= _MOST:
            return msgspec.json.encode({"assets": page, "cursor": cursor})
        cursor, looked_at = f"{since}:{asset_id}", looked_at + 1
        state = load(asset_id)
        wanted = _requested(state, request, ruleset) if state is not None else []
        if state is not None and wanted:
            page.append(msgspec.Raw(_entry(state, since, wanted)))
            size += len(bytes(page[-1]))
    return msgspec.json.encode({"assets": page, "cursor": None})


def _requested(state: AssetState, request: ReviewList, ruleset: Ruleset) -> list[Question]:
    folder = state.facts.folder if state.facts else ""
    if state.status == "gone" or (request.folder and not folder_pattern(request.folder).fullmatch(folder)):
        return []
    key = label_key(request.tag)
    return [question for name, question in questions(state, ruleset).by_key.items() if not key or name == key]


def _entry(state: AssetState, since: int, wanted: list[Question]) -> bytes:
    facts = state.facts
    return msgspec.json.encode(
        {
            "asset": state.asset,
            "format": facts.format if facts else "",
            "folder": facts.folder if facts else "",
            "since": iso(since),
            "tags": wanted,
        }
    )


def _after(index: ReviewQueue, cursor: str) -> Iterator[tuple[int, str]]:
    """Yield what waits in all partitions after ``cursor``, the oldest first."""
    at, _, asset_id = cursor.partition(":")
    last = (int(at or -1), asset_id)
    merged = heapq.merge(*(_ordered(index.waiting(shard, max(0, last[0]))) for shard in range(SHARDS)))
    return (found for found in merged if found > last)


def _ordered(found: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield entries of the same time in the order of their ids, which an index does not promise."""
    for _, alike in groupby(found, itemgetter(0)):
        yield from sorted(alike)
