"""Merging of observations into a state. The functions return a new state; the caller stores it.

The result does not depend on the order of arrival or on repetition. Of observations of one thing, the latest counts;
of two with the same time, always the same one.
"""

import msgspec
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.labels import Categorization, label_key
from autotag.domain.model.messages import AssetRenamed, LabelsObserved
from autotag.domain.state.absence import explained
from autotag.domain.state.asset_facts import with_later_facts
from autotag.domain.state.asset_state import AssetState, is_deleted
from autotag.domain.state.auto_tagging import reattributed, with_later_assigned, without_reassigned
from autotag.domain.state.overwrite import (
    is_older,
    lists_tags,
    overwritten,
    sighting,
    with_uploaded_tags,
    without_removed,
)
from autotag.domain.state.tag_ownership import active_preferences
from autotag.domain.state.tags_present import cleared_at


def merge(state: AssetState | None, message: LabelsObserved, *, keeps: bool | None = None) -> AssetState | None:
    """Return ``state`` merged with ``message``, or None if the message is older than the state.

    Older labels of a provider are ignored. A newer version clears labels and the poll. ``people`` and ``writes`` stay,
    since late events of the older version must still be distinguished from this service's own. ``keeps``: whether the
    account keeps tags on overwrite, None if that is not known.
    """
    ref = message.asset
    if state is None:
        first = AssetState(ref, "pending", facts=message.facts, categorizations=message.categorizations)
        return _noted(replace(first, seen=sighting(message)), message)
    if ref.version < state.asset.version:
        return None
    if is_deleted(state):
        notified = state.deleted_at > state.restored_at  # else only a read found it to be gone
        if message.observed_at <= (state.deleted_at if notified else state.final_at):
            return None
        state = _restored(state, message)
    before = state
    if ref.version > state.asset.version:
        state = overwritten(state, message, keeps)
    else:
        state = _explained(with_uploaded_tags(state, message, keeps), message)
        if message.facts is not None and not is_older(message, state):
            facts = with_later_assigned(state, without_removed(state, message.facts))
            state = replace(state, facts=facts, seen=sighting(message))
    moved = _is_named_later(before, message)
    if moved and state.facts is not None:  # the message has the old name and folder
        state = replace(state, facts=replace(state.facts, folder=before.facts.folder) if before.facts else None)
    categorizations = dict(state.categorizations)
    for provider, found in message.categorizations.items():
        known = categorizations.get(provider)
        if known is None or _age(found) > _age(known):
            categorizations[provider] = found
    merged = replace(
        state,
        asset=AssetRef(
            ref.asset_id,
            before.asset.public_id if moved else ref.public_id,
            ref.resource_type or state.asset.resource_type,
            ref.type or state.asset.type,
            ref.version,
        ),
        categorizations=categorizations,
    )
    merged = with_later_facts(merged, before, message)
    return without_reassigned(reattributed(_noted(merged, message), before), before)


def rename(state: AssetState | None, message: AssetRenamed) -> AssetState | None:
    """Return ``state`` with its new name, or None if ``message`` is older than the current name.

    If nothing else is known of the asset, only the name is stored.
    """
    ref = message.asset
    if state is None:
        return AssetState(ref, "skipped", named_at=message.observed_at)
    if message.observed_at < state.notified_at:  # a later upload has named it
        return None
    if (message.observed_at, ref.public_id) <= (state.named_at, state.asset.public_id if state.named_at else ""):
        return None
    asset = AssetRef(
        ref.asset_id,
        ref.public_id,
        ref.resource_type or state.asset.resource_type,
        ref.type or state.asset.type,
        state.asset.version,
    )
    facts, moved_at = state.facts, state.moved_at
    if facts is not None and message.observed_at >= max(moved_at, facts.observed_at):
        moved_at = message.observed_at if facts.folder != message.folder else moved_at
        facts = replace(facts, folder=message.folder)
    return replace(state, asset=asset, facts=facts, named_at=message.observed_at, moved_at=moved_at)


def _explained(state: AssetState, message: LabelsObserved) -> AssetState:
    """Return ``state`` without removals that only a read showed, if an upload restored it without those tags."""
    if message.facts is None or not lists_tags(message):
        return state
    return explained(state, message.observed_at, message.facts.tags)


def _noted(state: AssetState, message: LabelsObserved) -> AssetState:
    """Return ``state`` with the arrival of ``message`` noted, if that is an upload's own notification."""
    if not lists_tags(message):
        return state
    at = max(state.notified_at, message.observed_at)
    return replace(state, listed=state.listed or message.observed_at, before=(), notified_at=at)


def _is_named_later(state: AssetState, message: LabelsObserved) -> bool:
    """Return whether the name in ``state`` is newer than the one in ``message``; at equal times, facts count more."""
    if message.observed_at <= state.named_at:
        return True
    if message.asset.version > state.asset.version:
        return False
    seen_at = max((found.observed_at for found in state.categorizations.values()), default=0)
    known, facts = state.facts, message.facts
    if known is not None and known.observed_at >= seen_at:
        if facts is None:
            return message.observed_at <= known.observed_at
        return is_older(message, state)
    if facts is not None and message.observed_at == seen_at:
        return False
    return (message.observed_at, message.asset.public_id) < (seen_at, state.asset.public_id)


def _restored(state: AssetState, message: LabelsObserved) -> AssetState:
    """Return the state of a deleted asset that ``message`` shows again: tags that we had added are managed again."""
    status = "pending" if state.status == "gone" else state.status
    since = cleared_at(state)
    held = active_preferences(state).keys() | {key for key, found in state.assigned.items() if found.at >= since}
    added = [tag for tag, write in state.writes.items() if write.op == "add" and label_key(tag) not in held]
    managed_tags = dict.fromkeys(added, ()) | state.managed_tags
    if message.asset.version == state.asset.version and message.facts is not None:
        # later calls may have reached the restored asset; a newer version is treated like any overwrite
        later = (tag for tag, write in state.writes.items() if write.at >= message.observed_at)
        there = {*message.facts.tags, *later}
        managed_tags = {tag: labels for tag, labels in managed_tags.items() if tag in there}
    return replace(state, status=status, managed_tags=managed_tags, decided="", restored_at=message.observed_at)


_WEIGHT = {"pending": 0, "failed": 1, "complete": 2}


def _age(found: Categorization) -> tuple[int, int, bytes]:
    # Labels never go back to pending, and a failure never replaces them, so the order of arrival does not matter.
    return _WEIGHT[found.status], found.observed_at, msgspec.json.encode(found)
