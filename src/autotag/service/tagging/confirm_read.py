"""What a read shows of people's edits: managed tags that are missing, and which claims of hints are true."""

from collections.abc import Iterable

from msgspec.structs import replace

from autotag.domain.errors import TooLarge
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import READ, LabelsObserved, TagsEdited
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.auto_tagging import with_assigned, without_assigned
from autotag.domain.state.item_size import without_refetchable
from autotag.domain.state.tag_ownership import confirmed
from autotag.domain.state.tags_present import written
from autotag.service.context import Dependencies, Remaining
from autotag.service.tagging.decide import follow_up
from autotag.service.tagging.person_edits import record_noticed_edit


def confirm(deps: Dependencies, state: AssetState, found: LabelsObserved, remaining: Remaining) -> None:
    """Register the edits of people that ``found`` shows, which was read while ``state`` was stored.

    If the stored state changed since, do nothing: the read may show a change that this service made. Claims then wait
    for the next read.
    """
    if found.facts is None:
        return
    there = frozenset(map(label_key, found.facts.tags))
    known, changes = confirmed(state, there)
    known, changes = _edits(known, changes, found)
    missing = _missing(state, found, there)
    if missing:
        changes.append(TagsEdited(found.asset, found.observed_at, "", READ, (), missing))
    try:
        final = _register(deps, state, known, changes, remaining)
    except TooLarge:  # people's edits cannot be read again, the rest can
        try:
            final = _register(deps, state, without_refetchable(known), changes, remaining)
        except TooLarge as error:
            _drop(deps, state, error)
            return
    follow_up(deps, final, remaining)


def _register(
    deps: Dependencies, state: AssetState, known: AssetState, changes: Iterable[TagsEdited], remaining: Remaining
) -> AssetState | None:
    """Store ``known`` over ``state`` with ``changes``; return the final state, or None if another process wrote it."""
    final: AssetState | None = state
    if not changes and known != state:
        return deps.store.put(known, expected=state)
    for change in changes:
        if final is None:
            return None
        stored = record_noticed_edit(deps, final, final if final is not state else known, change, remaining)
        final = stored.final if stored is not None else None
    return final


def _drop(deps: Dependencies, state: AssetState, error: TooLarge) -> None:
    """Drop claims that do not fit into the state: otherwise they would cause one read after another."""
    deps.telemetry.warn("item_too_large", asset_id=state.asset.asset_id, fault=str(error))
    if state.claims and deps.store.put(replace(state, claims={}), expected=state) is not None:
        deps.telemetry.count("HintsDropped")


def _missing(state: AssetState, found: LabelsObserved, there: frozenset[str]) -> tuple[str, ...]:
    """Return the managed tags that a person removed: a read that began after the last write does not show them."""
    if found.asset.version != state.asset.version:
        return ()
    certain = written(state)
    return tuple(tag for tag in state.managed_tags if tag in certain and label_key(tag) not in there)


def _edits(
    state: AssetState, changes: Iterable[TagsEdited], found: LabelsObserved
) -> tuple[AssetState, list[TagsEdited]]:
    """Return ``state``, with the tags in ``changes`` that Cloudinary itself assigned, and those changes people made."""
    known = {name: said for name, said in state.categorizations.items() if said.status == "complete"}
    edits = []
    for change in changes:
        edit, tags = without_assigned(state, change, found.categorizations | known)
        keys = frozenset(map(label_key, tags))
        state = replace(state, claims={key: claim for key, claim in state.claims.items() if key not in keys})
        state = with_assigned(state, tags, change.observed_at)
        if edit.added or edit.removed:
            edits.append(edit)
    return state, edits
