"""Questions at random, as an operator requests them: queued here for each asset, and asked by a worker."""

import hashlib
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import is_asset_id
from autotag.domain.model.messages import AskSample, MessageOrigin
from autotag.ports.intake import Queue
from autotag.ports.runtime import Clock


class LabelChoice(Struct, frozen=True, forbid_unknown_fields=True):
    """A label of a version of an asset, named by its asset_id, about which people are to be asked."""

    asset: Annotated[str, Meta(min_length=1, max_length=64)]
    label: Annotated[str, Meta(min_length=1, max_length=255)]
    version: Annotated[int, Meta(ge=0)]


class ReviewSample(Struct, frozen=True, forbid_unknown_fields=True, tag="review_sample", tag_field="op"):
    """A request to ask people about labels that were chosen at random, whatever their confidence."""

    entries: Annotated[tuple[LabelChoice, ...], Meta(min_length=1, max_length=100)]


def review_sample(queue: Queue, request: ReviewSample, by: str, clock: Clock) -> dict[str, Any]:
    """Queue the questions that ``by`` requests, a message for each asset; return what is ``queued``.

    A worker asks those that fit the asset by then. Raises ``Invalid`` for what is no asset_id.
    """
    wanted: dict[tuple[str, int], dict[str, None]] = {}
    for number, entry in enumerate(request.entries):
        if not is_asset_id(entry.asset):
            raise Invalid(f"entries[{number}].asset", f"{entry.asset!r} is no asset_id")
        wanted.setdefault((entry.asset, entry.version), {})[entry.label] = None
    now = clock.now()
    queue.send([_message(asset, version, tuple(labels), by, now) for (asset, version), labels in wanted.items()])
    return {
        "queued": [
            {"asset": asset, "version": version, "labels": list(labels)} for (asset, version), labels in wanted.items()
        ]
    }


def _message(asset_id: str, version: int, labels: tuple[str, ...], by: str, now: int) -> AskSample:
    content = msgspec.json.encode([asset_id, version, sorted(labels)])
    source = MessageOrigin("sample", hashlib.sha256(content).hexdigest())
    return AskSample(asset_id, version, labels, by, now, source)
