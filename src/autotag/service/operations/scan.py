"""Reading every asset that is known, page by page: what rules decide on, what became of it, what people did to it."""

from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta, Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.labels import Categorization, label_key
from autotag.domain.model.response_size import fitting
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.tag_ownership import standing, suppressed, their_tags
from autotag.domain.state.tags_present import added_alone


class Scan(Struct, frozen=True, forbid_unknown_fields=True, tag="scan", tag_field="op"):
    """A page of one of ``segments`` parts of the table; ``cursor`` is the one that the page before it answered."""

    segment: Annotated[int, Meta(ge=0)] = 0
    segments: Annotated[int, Meta(ge=1, le=1000)] = 1
    cursor: Annotated[str, Meta(max_length=1024)] = ""
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class Scannable(Protocol):
    """Where states are read in bulk."""

    def scan(
        self, segment: int, segments: int, cursor: str, limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        """Return assets that are not gone, each with the cursor behind it, and the next page's cursor, if any."""
        ...


def scan(states: Scannable, asked: Scan) -> bytes:
    """Return a page as JSON, with fewer assets than asked for where they would not fit; raises ``Invalid``."""
    if asked.segment >= asked.segments:
        raise Invalid("segment", f"expected 0 to {asked.segments - 1}")
    found, cursor = states.scan(asked.segment, asked.segments, asked.cursor, asked.limit)
    page = fitting(msgspec.json.encode(_scanned(state)) for state, _ in found)
    if len(page) < len(found):
        cursor = found[len(page) - 1][1]
    return msgspec.json.encode({"assets": page, "cursor": cursor})


def _scanned(state: AssetState) -> dict[str, Any]:
    theirs, held = their_tags(state), standing(state)
    unheard = any(found.status != "complete" for found in state.categorizations.values())
    return {
        "asset": state.asset,
        "facts": state.facts,
        "categorizations": {name: _found(found) for name, found in state.categorizations.items()},
        "ours": list(state.ours),
        "stands": state.ours if unheard else {},
        "givers": state.givers if unheard else {},
        "theirs": theirs,
        "people": [tag for tag in theirs if (key := label_key(tag)) in held or added_alone(state, key)],
        "suppressed": sorted(suppressed(state)),
        "decided_by": state.rules_version,
        "decided_at": state.final_at,
        "status": state.status,
        "review": state.review,
        "wishes": [wish for wish in state.people.values() if not wish.cleared],
    }


def _found(found: Categorization) -> dict[str, Any]:
    return {
        "status": found.status,
        "labels": found.labels,
        "observed_at": found.observed_at,
        "error": found.error,
    }
