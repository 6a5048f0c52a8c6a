"""An asset that waits for a reviewer: its questions, how the index of the review queue knows them, and the orders.

Its questions are about the tags in review, and at random about those of the samples that nobody has answered.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from autotag.domain.errors import Invalid
from autotag.domain.model.labels import label_key
from autotag.domain.model.verdicts import Sample
from autotag.domain.state.asset_state import AssetState, asked_confidences
from autotag.domain.state.tag_ownership import active_preferences

Order = Literal["oldest", "confidence"]
"""The oldest question first, or the most confident first."""

UNIT = 10_000
"""The confidence 1 in the index, which holds whole numbers."""

SAMPLED = 10 * UNIT
"""What the index adds to the confidence of a question at random: an earlier release still finds its tag there."""


def waiting_samples(state: AssetState) -> dict[str, Sample]:
    """Return the samples that are neither answered nor, by now, about a tag that a person has decided on."""
    if not state.samples or state.status == "gone":
        return {}
    held = active_preferences(state)
    return {key: sample for key, sample in state.samples.items() if not sample.answer and key not in held}


def asked_tags(state: AssetState) -> tuple[str, ...]:
    """Return the tags that reviewers are asked about, each once: those in review first."""
    tags = {label_key(tag): tag for tag in state.review}
    return (*state.review, *(sample.tag for key, sample in waiting_samples(state).items() if key not in tags))


def asked_since(state: AssetState) -> int:
    """Return since when the asset waits for a reviewer (ms), 0 if it does not."""
    times = [sample.at for sample in waiting_samples(state).values()]
    if state.review:
        times.append(state.asked_at or state.final_at)
    return min(times, default=0)


def indexed_asks(state: AssetState) -> dict[str, int]:
    """Return the confidences of the questions by tag key, as the index holds them (see ``waiting_asset``)."""
    asks = asked_confidences(state)
    for key, sample in waiting_samples(state).items():
        asks[key] = SAMPLED + (asks.get(key) or sample.confidence)
    return asks


class WaitingAsset(NamedTuple):
    """An asset that has waited since ``since`` (ms).

    ``asks`` maps the keys of the tags that it is asked about to their confidence times ``UNIT``, 0 if not known. It is
    None if an earlier release wrote the state last: then any tag may be asked about, and ``folder`` is not known.
    ``samples`` are the keys of those tags that are asked about at random.
    """

    since: int
    asset_id: str
    asks: Mapping[str, int] | None = None
    folder: str = ""
    samples: frozenset[str] = frozenset()


def waiting_asset(since: int, asset_id: str, indexed: Mapping[str, int], folder: str) -> WaitingAsset:
    """Return an asset from its entry in the index, where ``SAMPLED`` marks confidences."""
    asks = {key: confidence % SAMPLED for key, confidence in indexed.items()}
    samples = frozenset(key for key, confidence in indexed.items() if confidence >= SAMPLED)
    return WaitingAsset(since, asset_id, asks, folder, samples)


class Place(NamedTuple):
    """A place in the queue in one of its orders: a time (ms) or a negative confidence, and the asset there."""

    rank: int
    asset_id: str


LAST_ID = "z" * 64
"""No asset_id sorts behind it (see ``autotag.domain.model.asset``)."""


def place_of(asset: WaitingAsset, order: Order, tag: str) -> Place:
    """Return the place of ``asset``; in the order of confidence it is that of the tag with the key ``tag``."""
    if order == "oldest":
        return Place(asset.since, asset.asset_id)
    return Place(-(asset.asks or {}).get(tag, 0), asset.asset_id)


CURSOR = r"^(c?[0-9]{1,15}:[0-9A-Za-z_-]{1,64})?$"
"""The form of a cursor: a time, or after a ``c`` a confidence, and an asset_id; empty for the beginning."""


def cursor_of(place: Place, order: Order) -> str:
    """Return the cursor of a page that ends at ``place``."""
    return f"{place.rank}:{place.asset_id}" if order == "oldest" else f"c{-place.rank}:{place.asset_id}"


def place_behind(cursor: str, order: Order) -> Place:
    """Return the place that ``cursor`` names, one before all assets if it is empty.

    Raises ``Invalid`` if it is of another order.
    """
    if not cursor:
        return Place(-1 if order == "oldest" else -UNIT - 1, "")
    rank, _, asset_id = cursor.partition(":")
    if rank.startswith("c") != (order == "confidence"):
        raise Invalid("cursor", f"expected one of the order {order!r}")
    return Place(int(rank) if order == "oldest" else -int(rank[1:]), asset_id)


def may_ask(asset: WaitingAsset, tag: str) -> bool:
    """Return whether ``asset`` is asked about the tag with the key ``tag`` ("": any), or may be."""
    return not tag or asset.asks is None or tag in asset.asks
