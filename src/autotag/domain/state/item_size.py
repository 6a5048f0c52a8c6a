"""How large a state may become, so that whatever was begun with it can be finished."""

import msgspec
from msgspec.structs import replace

from autotag.domain.state.asset_state import AssetState

ITEM = 400 * 1024
"""Bytes that an item of DynamoDB may have, the names of its attributes included."""

_STEPS = 8 * 1024
"""Bytes that only closing an intent may use: what it then knows of a thousand tags is more than what it forgets."""

_SPARE = 56 * 1024
"""Bytes that only closing an intent, taking it over and the like may use; so neither can fail for want of room."""


_HINTED = 128 * 1024
"""Bytes of what people are said to have done beyond which no hint adds to it: anybody may send hints."""


def has_room_for_claims(state: AssetState) -> bool:
    """Whether what ``state`` knows and claims of people leaves room for what trusted notifications tell."""
    return len(msgspec.json.encode((state.people, state.claims))) <= _HINTED


def room(state: AssetState, over: AssetState | None) -> int:
    """Return how many bytes the item of ``state`` may have that is written over ``over``."""
    if over is not None and over.intent is not None and state.intent is None:
        return ITEM
    return ITEM - (_SPARE if _grows(state, over) else _STEPS)


def slimmed(state: AssetState) -> AssetState:
    """Return ``state`` without what can be read again from Cloudinary: its facts and labels."""
    return replace(state, facts=None, categorizations={}, before=())


def _grows(state: AssetState, over: AssetState | None) -> bool:
    """Whether ``state`` opens an intent, or knows more than ``over`` of what may be long."""
    if over is None or (state.intent is not None and over.intent is None):
        return True
    known = (
        (state.facts, over.facts),
        (state.categorizations, over.categorizations),
        (state.people, over.people),
        (state.claims, over.claims),
    )
    return any(new and new != old for new, old in known)
