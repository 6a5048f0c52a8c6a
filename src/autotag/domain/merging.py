"""How an observation becomes part of a state. Functions return a new state; storing it is the caller's business."""

from msgspec.structs import replace

from autotag.domain.asset import AssetRef, Facts
from autotag.domain.labels import Categorization, label_key
from autotag.domain.message import Labelled, PersonTags, Renamed
from autotag.domain.people import register, suppressed
from autotag.domain.state import AssetState


def merge(state: AssetState | None, message: Labelled) -> AssetState | None:
    """Return the state that knows what ``message`` says too, or None where the message is older than the state.

    Older labels of a provider are ignored. A newer version clears labels and the poll; ``people`` and ``writes`` stay,
    since late events of the older version are still to be told from ours.
    """
    ref = message.asset
    if state is None:
        return AssetState(ref, "pending", facts=message.facts, categorizations=message.categorizations)
    if ref.version < state.asset.version:
        return None
    if state.status == "gone" or state.deleted_at:
        if message.observed_at <= max(state.deleted_at, state.final_at if state.status == "gone" else 0):
            return None
        state = replace(state, decided="", deleted_at=0)
    before = state
    if ref.version > state.asset.version:
        state = _overwritten(state, message)
    else:
        if state.facts is None:
            state = _brought(state, message)
        state = replace(state, facts=_newer_facts(state, message.facts))
    moved = message.observed_at < state.named_at  # the message tells the name and folder of before
    if moved and state.facts is not None:
        state = replace(state, facts=replace(state.facts, folder=before.facts.folder) if before.facts else None)
    categorizations = dict(state.categorizations)
    for provider, found in message.categorizations.items():
        known = categorizations.get(provider)
        if known is None or _supersedes(found, known):
            categorizations[provider] = found
    return replace(
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


def rename(state: AssetState | None, message: Renamed) -> AssetState | None:
    """Return the state under its new name, or None where ``message`` is older than the last name.

    Where nothing else is known of the asset, there is only its name to remember.
    """
    ref = message.asset
    if state is None:
        return AssetState(ref, "skipped", named_at=message.observed_at)
    if message.observed_at <= state.named_at:
        return None
    asset = AssetRef(
        ref.asset_id,
        ref.public_id,
        ref.resource_type or state.asset.resource_type,
        ref.type or state.asset.type,
        state.asset.version,
    )
    facts = replace(state.facts, folder=message.folder) if state.facts else None
    return replace(state, asset=asset, facts=facts, named_at=message.observed_at)


def _overwritten(state: AssetState, message: Labelled) -> AssetState:
    """Return the state at the newer version of ``message``."""
    state = replace(state, asset=message.asset, categorizations={}, decided="", poll=None)
    return replace(_brought(state, message), facts=message.facts)


def _brought(state: AssetState, message: Labelled) -> AssetState:
    """Return ``state`` where the tags that an upload itself set are people's, if we ever touched them.

    An upload's notification lists just those. A later read may show what we added since, too: that stays ours.
    """
    if message.facts is None:
        return state
    uploaded_at = message.asset.version * 1000
    listed = message.source.notification_type == "upload"
    writes = {tag for tag, write in state.writes.items() if listed or write.at < uploaded_at}
    touched = writes | (state.ours.keys() - (state.writes.keys() - writes))
    if state.intent is not None:
        touched |= {*state.intent.add, *state.intent.remove, *state.intent.outcome.ours}
    # What a person took away stays taken away, whatever an upload sets.
    keys = frozenset(map(label_key, touched)) - suppressed(state)
    tags = tuple(tag for tag in message.facts.tags if label_key(tag) in keys)
    change = PersonTags(message.asset, message.facts.observed_at, "", message.source, tags)
    return register(state, change, brought=True)


_WEIGHT = {"pending": 0, "failed": 1, "complete": 2}


def _supersedes(found: Categorization, known: Categorization) -> bool:
    # Nothing that is known goes back to pending, and a failure never takes labels away: any order ends alike.
    return (_WEIGHT[found.status], found.observed_at) >= (_WEIGHT[known.status], known.observed_at)


def _newer_facts(state: AssetState, facts: Facts | None) -> Facts | None:
    if facts is None or (state.facts is not None and facts.observed_at < state.facts.observed_at):
        return state.facts
    stale = {t for t, w in state.writes.items() if w.op == "remove" and w.at >= facts.observed_at}
    return replace(facts, tags=tuple(tag for tag in facts.tags if tag not in stale))
