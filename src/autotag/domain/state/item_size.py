"""Size limits of a stored state, so that an open intent always fits when it is completed."""

import msgspec
from msgspec.structs import replace

from autotag.domain.model.labels import REKOGNITION
from autotag.domain.state.asset_state import AssetState

ITEM = 400 * 1024
"""Maximum size of a DynamoDB item in bytes, including the names of its attributes."""

_STEPS = 8 * 1024
"""Bytes reserved for closing an intent, which adds more about a thousand tags than it drops."""

_SPARE = 56 * 1024
"""Bytes reserved for closing an intent, taking it over and similar steps, so that these never fail for lack of room."""

_HINTED = 128 * 1024
"""Bytes of preferences and claims above which no hint may add to them, since anyone can send hints."""


def has_room_for_claims(state: AssetState) -> bool:
    """Return whether the preferences and claims in ``state`` leave room for those that trusted notifications report."""
    return len(msgspec.json.encode((state.people, state.claims))) <= _HINTED


def max_item_size(state: AssetState, expected: AssetState | None) -> int:
    """Return the maximum size in bytes of the item of ``state`` that replaces ``expected``."""
    if expected is not None and expected.intent is not None and state.intent is None:
        return ITEM
    return ITEM - (_SPARE if _grows(state, expected) else _STEPS)


def without_refetchable(state: AssetState) -> AssetState:
    """Return ``state`` without what can be read again from Cloudinary: its facts and labels. Paid ones stay."""
    paid = {name: found for name, found in state.categorizations.items() if name == REKOGNITION}
    return replace(state, facts=None, categorizations=paid, before=())


def _grows(state: AssetState, expected: AssetState | None) -> bool:
    """Return whether ``state`` opens an intent, or has new content in a part that can be large."""
    if expected is None or (state.intent is not None and expected.intent is None):
        return True
    known = (
        (state.facts, expected.facts),
        (state.categorizations, expected.categorizations),
        (state.people, expected.people),
        (state.claims, expected.claims),
        (state.answers, expected.answers),
        (state.samples, expected.samples),
    )
    return any(new and new != old for new, old in known)
