"""A scan of all known assets, page by page: what rules decide on, the last decision, and what people did."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.response_size import fitting
from autotag.ports.operations import StateScanner
from autotag.service.exports.exported_asset import exported


class Scan(Struct, frozen=True, forbid_unknown_fields=True, tag="scan", tag_field="op"):
    """A request for a page of one of ``segments`` parts of the table; ``cursor`` comes with the page before."""

    segment: Annotated[int, Meta(ge=0)] = 0
    segments: Annotated[int, Meta(ge=1, le=1000)] = 1
    cursor: Annotated[str, Meta(max_length=1024)] = ""
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


def scan(states: StateScanner, request: Scan) -> bytes:
    """Return a page as JSON, with fewer assets than requested if they do not fit; raises ``Invalid``."""
    if request.segment >= request.segments:
        raise Invalid("segment", f"expected 0 to {request.segments - 1}")
    found, cursor = states.scan(request.segment, request.segments, request.cursor, request.limit)
    page = fitting(msgspec.json.encode(exported(state)) for state, _ in found)
    if len(page) < len(found):
        cursor = found[len(page) - 1][1]
    return msgspec.json.encode({"assets": page, "cursor": cursor})
