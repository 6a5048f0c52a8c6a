"""Tags that a person left on an asset while they changed another one: they saw what the labels had given it."""

from msgspec.structs import replace

from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.model.messages import TagsEdited
from autotag.domain.model.verdicts import Left
from autotag.domain.review.bars import Held, is_new
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.person_edits import managed_in
from autotag.domain.state.tag_ownership import suppressed
from autotag.domain.state.tags_present import on_asset


def with_left(state: AssetState, known: AssetState, change: TagsEdited, held: Held) -> AssetState:
    """Return ``known``, the state after a person's ``change`` of ``state``, with the labels whose tags they left.

    The edit counts if it removed a managed tag, or changed a tag that a label gives: a keyword of their own says
    nothing of labels. A label counts if it reached its threshold, and if this service wrote its tag before the edit.
    """
    at = change.observed_at
    about = label_keys((*change.added, *change.removed))
    new = frozenset(key for key in about if is_new(state, known, key, at))
    removed = label_keys(tag for tag in managed_in(state, change) if tag in change.removed)
    if new.isdisjoint(removed.union(*(label.names for label in held.labels))):
        return known
    there, gone = label_keys(on_asset(known)), suppressed(known)
    written = {label_key(tag) for tag, write in state.writes.items() if write.op == "add" and write.at < at}
    left = dict(known.left)
    for label in held.labels:
        key, tag_key = label.plan.key, label.plan.tag_key
        if not label.kept or tag_key in about or key in gone or tag_key not in there & written:
            continue
        if key not in left or left[key].at < at:
            left[key] = Left(at, held.rules, label.bar)
    return replace(known, left=left)
