"""An open intent that adds two tags and removes one, and its end."""

from msgspec.structs import replace

from autotag.domain.state.asset_state import AssetState, Write
from autotag.domain.state.complete import close_intent
from tests.unit.domain.state.state_builders import T0, audit_of, claimed, complete, facts, intent_of, state

NOW = T0 + 9000


def opened(**fields: object) -> AssetState:
    """Return a state whose intent adds Guitar and Drum and removes Old."""
    known = state(complete({"Guitar": 0.9, "Drum": 0.8}), facts=facts("press", "Old"), managed_tags={"Old": ("old",)})
    return replace(claimed(known), **fields)


DONE = {"Old": Write("remove", NOW, 1), "Guitar": Write("add", NOW, 1), "Drum": Write("add", NOW, 1)}


def end(known: AssetState, writes: dict[str, Write], **audit: object) -> AssetState:
    """Return the end of the open intent after ``writes``; ``audit`` replaces fields of its audit."""
    return close_intent(known, intent_of(known), replace(audit_of(known), **audit), writes, NOW)
