"""People's edits of tags: which part of a notification a person did, and which managed tags it touches."""

from collections.abc import Collection

from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import TagsEdited
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.auto_tagging import without_assigned
from autotag.domain.state.echo import without_echo
from autotag.domain.state.tags_present import cleared_at, on_asset


def by_person(state: AssetState, message: TagsEdited, own_keys: Collection[str]) -> tuple[TagsEdited, tuple[str, ...]]:
    """Return the part of ``message`` that a person did, and the tags that Cloudinary assigned itself.

    ``own_keys`` are the API keys of this service.
    """
    change = without_echo(state, message, own_keys)
    return without_assigned(state, change, state.categorizations)


def managed_in(state: AssetState, change: TagsEdited) -> frozenset[str]:
    """Return the tags in ``change`` that this service added, or is just adding."""
    present = on_asset(state) if change.observed_at >= cleared_at(state) else state.managed_tags
    managed = {label_key(tag) for tag in present}
    if state.intent is not None:
        managed |= {label_key(tag) for tag in state.intent.outcome.managed_tags}
    return frozenset(tag for tag in (*change.added, *change.removed) if label_key(tag) in managed)
