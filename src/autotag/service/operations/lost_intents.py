"""Open intents whose message may be gone, as after a restoration of the table: they are found, and finished by workers.

An intent that is not in the due index counts on its message (``autotag.service.tagging.acknowledge``). A table that was
restored to an earlier minute can hold one whose message was handled since; so can one whose queue was purged.
"""

from collections.abc import Callable
from itertools import batched
from typing import Annotated, Any

from msgspec import Meta, Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import is_asset_id
from autotag.ports.assets import DueQueue
from autotag.ports.operations import IntentSearch

_HOUR = 3_600_000
"""Milliseconds after which an intent counts as lost: its message would have come again many times."""

_MOST = 1000
"""Assets in one answer or request."""

_CALL = 10
"""Messages of one call: the limit of SQS."""


class LostIntents(Struct, frozen=True, forbid_unknown_fields=True, tag="lost_intents", tag_field="op"):
    """A request for assets with a lost intent in one of ``segments`` parts; ``cursor`` comes with the answer before."""

    segment: Annotated[int, Meta(ge=0)] = 0
    segments: Annotated[int, Meta(ge=1, le=1000)] = 1
    cursor: Annotated[str, Meta(max_length=1024)] = ""


class FinishIntents(Struct, frozen=True, forbid_unknown_fields=True, tag="finish_intents", tag_field="op"):
    """A request to have workers finish what is due of these assets (asset_ids); of others they leave everything."""

    assets: Annotated[tuple[str, ...], Meta(min_length=1, max_length=_MOST)]


def lost_intents(
    states: IntentSearch, request: LostIntents, now: int, patient: Callable[[], bool]
) -> dict[str, object]:
    """Return assets with a lost intent, reading on while ``patient``, and the cursor to go on from, None at the end.

    Raises ``Invalid``.
    """
    if request.segment >= request.segments:
        raise Invalid("segment", f"expected 0 to {request.segments - 1}")
    found: list[str] = []
    cursor: str | None = request.cursor
    while cursor is not None:
        some, cursor = states.lost_intents(request.segment, request.segments, cursor, now - _HOUR)
        found += some
        if len(found) > _MOST or not patient():
            break
    return {"assets": found, "cursor": cursor}


def finish_intents(queue: DueQueue, request: FinishIntents) -> dict[str, Any]:
    """Send the workers a message about each asset; return how many. Raises ``Invalid`` or ``Retryable``."""
    for asset_id in request.assets:
        if not is_asset_id(asset_id):
            raise Invalid("assets", f"expected asset_ids, found {asset_id!r}")
    for some in batched(request.assets, _CALL, strict=False):
        queue.send(some)
    return {"sent": len(request.assets)}
