"""Echoes: notifications of this service's own calls, to separate from people's edits with the same API key."""

from collections.abc import Collection

from msgspec.structs import replace

from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import TagsEdited
from autotag.domain.state.asset_state import AssetState, Op, Write
from autotag.domain.state.tag_ownership import ECHO_SLACK


def without_echo(state: AssetState, change: TagsEdited, own_keys: Collection[str]) -> TagsEdited:
    """Return ``change`` without the effects of this service's calls; ``own_keys`` are the API keys that it uses."""
    if not change.by or change.by not in own_keys:
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
    # the notification of a call may arrive after those of later calls, the opposite one among them
    return any(w.op == op or (at <= w.at and _is_opposite(w, at)) for w in writes)


def _is_opposite(write: Write, at: int) -> bool:
    """Return whether the opposite call of ``write`` may have been made at ``at`` (unix milliseconds)."""
    first_at = write.first_at or write.opposite_at
    return bool(first_at) and first_at - ECHO_SLACK <= at <= write.opposite_at + ECHO_SLACK
