"""Telling our own calls, which Cloudinary notifies like anybody's, from what people do with the same API key."""

from msgspec.structs import replace

from autotag.domain.labels import label_key
from autotag.domain.message import PersonTags
from autotag.domain.people import ECHO_SLACK
from autotag.domain.state import AssetState, Op


def without_echo(state: AssetState, change: PersonTags, own_key: str) -> PersonTags:
    """Return ``change`` without what our own calls did; ``own_key`` is the API key that they are made with."""
    if not change.by or change.by != own_key:
        return change
    return replace(
        change,
        added=tuple(tag for tag in change.added if not _is_ours(state, tag, "add", change.observed_at)),
        removed=tuple(tag for tag in change.removed if not _is_ours(state, tag, "remove", change.observed_at)),
    )


def _is_ours(state: AssetState, tag: str, op: Op, at: int) -> bool:
    key, intent = label_key(tag), state.intent
    if intent is not None and key in map(label_key, intent.add if op == "add" else intent.remove):
        return True
    writes = [write for written, write in state.writes.items() if label_key(written) == key]
    # the notification of a call may come after that of the opposite one
    return any(w.op == op or (at <= w.at and abs(w.opposite_at - at) <= ECHO_SLACK) for w in writes)
