"""Which of the tags that this service added are on the asset, as far as its state tells."""

from autotag.domain.model.labels import label_key
from autotag.domain.state.asset_state import AssetState


def added_alone(state: AssetState, key: str) -> bool:
    """Whether the tag with that key may be a person's or Cloudinary's."""
    return key in state.assigned and state.assigned[key].alone


def cleared_at(state: AssetState) -> int:
    """Return when an upload last cleared the asset's tags (ms): what was added before that is gone."""
    return (state.tags_since or state.asset.version) * 1000


def written(state: AssetState) -> frozenset[str]:
    """Return the tags that we added for a decision on this very version: an overwrite may have wiped older ones.

    So may a restoration from a backup.
    """
    version, restored_at = state.asset.version, state.restored_at
    writes = ((tag, write) for tag, write in state.writes.items() if write.op == "add" and write.at > restored_at)
    return frozenset(tag for tag, write in writes if write.version == version)


def on_asset(state: AssetState) -> dict[str, tuple[str, ...]]:
    """Return those of ``ours`` that are on the asset, as far as is known, each with what it stands for.

    What we wrote for an older version an overwrite took with the picture, unless it kept the tags, the tag was shown
    since, or our call came after what was shown last.
    """
    if state.tags_since:
        return state.ours
    shown, seen_at = (state.facts.tags, state.facts.observed_at) if state.facts else ((), state.asset.version * 1000)
    wiped = {
        tag
        for tag, write in state.writes.items()
        if write.op == "add" and write.version < state.asset.version and write.at < seen_at and tag not in shown
    }
    return {tag: labels for tag, labels in state.ours.items() if tag not in wiped}


def had(state: AssetState) -> dict[str, tuple[str, ...]]:
    """Return those of ``ours`` that are on the asset, and of a deleted one those that were: it may come back."""
    if state.status != "gone":
        return on_asset(state)
    return {tag: (label_key(tag),) for tag, write in state.writes.items() if write.op == "add"}
