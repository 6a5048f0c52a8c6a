"""Updates of the facts that rules can test: an asset's folder, its context and its structured metadata.

The result does not depend on the order of arrival: for each fact, the latest report counts.
"""

from collections.abc import Iterable, Sequence

from msgspec import UnsetType
from msgspec.structs import replace

from autotag.domain.model.asset import Facts, FolderMove, MetadataValue, parse_metadata
from autotag.domain.model.messages import AssetMoved, ContextChanged, FactChange, LabelsObserved, MetadataChanged
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState, is_deleted
from autotag.domain.state.claim import is_pending


def follow(state: AssetState | None, message: FactChange) -> AssetState | None:
    """Return ``state`` with the fact in ``message``, or None if it has a later one.

    If nothing else is known of the asset, only the time is stored; older facts that arrive later are then read again.
    """
    if isinstance(message, AssetMoved):
        return moved(state or AssetState(message.asset, "skipped"), message.folder, message.observed_at)
    if isinstance(message, MetadataChanged):
        return _with_metadata(state or AssetState(message.asset, "skipped"), message)
    return _with_context(state or AssetState(message.asset, "skipped"), message)


def moved(state: AssetState, folder: str, at: int) -> AssetState | None:
    """Return ``state`` with ``folder`` since ``at`` (ms), or None if a later folder is known."""
    facts = state.facts
    if facts is None:
        return replace(state, moved_at=at) if at > state.moved_at else None
    if (at, folder) < (state.moved_at, facts.folder if state.moved_at else "") or at < facts.observed_at:
        return None
    return replace(state, facts=replace(facts, folder=folder), moved_at=at)


def carried_along(state: AssetState, moves: Iterable[FolderMove]) -> AssetState | None:
    """Return ``state`` with its folder after ``moves``, the oldest first; None if the folder stays the same."""
    if state.facts is None:
        return None
    since, found = max(state.moved_at, state.facts.observed_at), state
    for move in moves:
        folder = below(found.facts.folder, move.from_folder, move.to_folder) if found.facts else None
        if folder is not None and move.at > since:
            found = moved(found, folder, move.at) or found
    return None if found is state else found


def is_unclear(state: AssetState, moves: Sequence[FolderMove]) -> bool:
    """Whether times do not tell where ``moves``, the oldest first, have left the asset, so that a read must.

    One is of the moment when its folder was last seen or changed, or two that concern it are of one time.
    """
    if state.facts is None or is_deleted(state):
        return False
    folder, last = state.facts.folder, max(state.moved_at, state.facts.observed_at)
    for move in moves:
        after = below(folder, move.from_folder, move.to_folder) if move.at >= last else None
        if after is None:
            continue
        others = [other for other in moves if other.at == move.at and other is not move]
        if move.at == last or any(below(after, other.from_folder, other.to_folder) is not None for other in others):
            return True
        folder, last = after, move.at
    return False


def below(folder: str, from_folder: str, to_folder: str) -> str | None:
    """Return the path of ``folder`` after the move of ``from_folder`` to ``to_folder``; None if it is not in there."""
    if folder == from_folder:
        return to_folder
    rest = folder.removeprefix(f"{from_folder}/")
    return None if rest == folder else f"{to_folder}/{rest}".strip("/")


def is_out_of_order(state: AssetState | None, message: FactChange) -> bool:
    """Return whether messages alone do not determine the fact, so that the asset must be read.

    Two messages with the same time report different folders, or a change of context or metadata is not later than a
    known one, or the metadata was never seen, so that what did not change is not known.
    """
    if state is None or state.facts is None or is_deleted(state) or message.observed_at < state.facts.observed_at:
        return False
    if isinstance(message, AssetMoved):
        return message.observed_at == state.moved_at and message.folder != state.facts.folder
    if isinstance(message, MetadataChanged):
        if isinstance(state.facts.metadata, UnsetType):
            return True
        after = _changed_metadata(state.facts.metadata, message)
        return message.observed_at <= state.metadata_at and after != state.facts.metadata
    known = _changed(state.facts.context, message)
    return message.observed_at <= state.context_at and known != state.facts.context


def decides_again(state: AssetState, ruleset: Ruleset) -> bool:
    """Return whether to decide again on an asset after a fact has changed.

    Not if the rules only note the change, there was no decision yet, labels are still to come, or the asset is gone.
    """
    decided = state.intent.outcome.decided if state.intent is not None else state.decided
    return ruleset.follows and bool(decided) and not is_deleted(state) and not is_pending(state, ruleset)


def with_decision_due(state: AssetState, before: AssetState | None, ruleset: Ruleset) -> AssetState:
    """Return ``state``, marked for a new decision if its folder, context or metadata differs from ``before``."""
    if before is None or before.facts is None or state.facts is None:
        return state
    return (
        state
        if _tested(state.facts) == _tested(before.facts) or not decides_again(state, ruleset)
        else undecided(state)
    )


def undecided(state: AssetState) -> AssetState:
    """Return ``state``, marked for a new decision although its labels are the same; after an open intent, if any."""
    if state.intent is None:
        return replace(state, decided="")
    return replace(state, intent=replace(state.intent, outcome=replace(state.intent.outcome, decided="")))


def with_later_facts(state: AssetState, before: AssetState, message: LabelsObserved) -> AssetState:
    """Return ``state``, which is ``before`` merged with ``message``, with the facts that changed after ``message``.

    If those are not known, all facts become unknown, and the asset is read.
    """
    in_folder, in_context = before.moved_at >= message.observed_at, before.context_at >= message.observed_at
    in_metadata = before.metadata_at >= message.observed_at
    if message.facts is None or state.facts is None or not (in_folder or in_context or in_metadata):
        return state
    known = before.facts
    if known is None:
        return replace(state, facts=None)
    facts = state.facts
    return replace(
        state,
        facts=replace(
            facts,
            folder=known.folder if in_folder else facts.folder,
            context=known.context if in_context else facts.context,
            metadata=known.metadata if in_metadata else facts.metadata,
        ),
    )


def _with_context(state: AssetState, message: ContextChanged) -> AssetState | None:
    at = message.observed_at
    if at < state.context_at or (state.facts is not None and at < state.facts.observed_at):
        return None
    facts = state.facts
    if facts is not None:
        facts = replace(facts, context=_changed(facts.context, message))
    return replace(state, facts=facts, context_at=at)


def _with_metadata(state: AssetState, message: MetadataChanged) -> AssetState | None:
    at = message.observed_at
    if at < state.metadata_at or (state.facts is not None and at < state.facts.observed_at):
        return None
    facts = state.facts
    if facts is not None:
        facts = replace(facts, metadata=_changed_metadata(facts.known_metadata, message))
    return replace(state, facts=facts, metadata_at=at)


def _tested(facts: Facts) -> tuple[object, ...]:
    """Return what leads to a new decision if it changes; metadata that was never seen counts as none."""
    return facts.folder, facts.context, facts.known_metadata


def _changed_metadata(known: dict[str, MetadataValue], message: MetadataChanged) -> dict[str, MetadataValue]:
    kept = {field: value for field, value in known.items() if field not in message.removed}
    return parse_metadata(kept | message.set)  # both together may be too many


def _changed(context: dict[str, str], message: ContextChanged) -> dict[str, str]:
    return {key: value for key, value in context.items() if key not in message.removed} | message.set
