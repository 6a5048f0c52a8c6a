"""The managed tags that are on the asset, as far as its state shows."""

from autotag.domain.model.labels import label_key
from autotag.domain.state.asset_state import AssetState


def added_alone(state: AssetState, key: str) -> bool:
    """Return whether Cloudinary seems to have added the tag with that key alone, so that it may also be a person's."""
    return key in state.assigned and state.assigned[key].alone


def cleared_at(state: AssetState) -> int:
    """Return when an upload last cleared the asset's tags (ms); tags that were added before are gone."""
    return (state.tags_since or state.asset.version) * 1000


def written(state: AssetState) -> frozenset[str]:
    """Return the tags that this service added for a decision on the current version.

    An overwrite, or a restoration from a backup, may have removed those that it added earlier.
    """
    version, restored_at = state.asset.version, state.restored_at
    writes = ((tag, write) for tag, write in state.writes.items() if write.op == "add" and write.at > restored_at)
    return frozenset(tag for tag, write in writes if write.version == version)


def on_asset(state: AssetState) -> dict[str, tuple[str, ...]]:
    """Return the managed tags that are on the asset, as far as is known, each with what it stands for.

    An overwrite removed the tags that were written for an older version, unless it kept them, the latest facts show the
    tag, or the call came after these facts.
    """
    if state.tags_since:
        return state.managed_tags
    shown, seen_at = (state.facts.tags, state.facts.observed_at) if state.facts else ((), state.asset.version * 1000)
    wiped = {
        tag
        for tag, write in state.writes.items()
        if write.op == "add" and write.version < state.asset.version and write.at < seen_at and tag not in shown
    }
    return {tag: labels for tag, labels in state.managed_tags.items() if tag not in wiped}


def had(state: AssetState) -> dict[str, tuple[str, ...]]:
    """Return the managed tags on the asset; for a deleted asset, those that were on it, since it may come back."""
    if state.status != "gone":
        return on_asset(state)
    return {tag: (label_key(tag),) for tag, write in state.writes.items() if write.op == "add"}
