"""Facts that rules ask about follow the asset: it is moved to another folder, or its context changes.

Any order of arrival ends alike: of what is said of one fact the youngest counts.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from autotag.domain.model.asset import FolderMove
from autotag.domain.model.messages import ContextChanged, Labelled, Moved
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.state.asset_state import AssetState, is_deleted
from autotag.domain.state.claim import is_pending


def follow(state: AssetState | None, message: Moved | ContextChanged) -> AssetState | None:
    """Return the state that knows the fact as ``message`` says it is, or None where it knows a younger one.

    Where nothing else is known of the asset, there is only the time to remember: what is older then is read anew.
    """
    if isinstance(message, Moved):
        return moved(state or AssetState(message.asset, "skipped"), message.folder, message.observed_at)
    return _with_context(state or AssetState(message.asset, "skipped"), message)


def moved(state: AssetState, folder: str, at: int) -> AssetState | None:
    """Return ``state`` in ``folder`` since ``at`` (ms), or None where a younger one is known."""
    facts = state.facts
    if facts is None:
        return replace(state, moved_at=at) if at > state.moved_at else None
    if (at, folder) < (state.moved_at, facts.folder if state.moved_at else "") or at < facts.observed_at:
        return None
    return replace(state, facts=replace(facts, folder=folder), moved_at=at)


def carried_along(state: AssetState, moves: Iterable[FolderMove]) -> AssetState | None:
    """Return ``state`` in the folder that ``moves``, the oldest first, have left the asset in; None: where it was."""
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
    """Return where ``folder`` is once ``from_folder`` has become ``to_folder``; None where that does not concern it."""
    if folder == from_folder:
        return to_folder
    rest = folder.removeprefix(f"{from_folder}/")
    return None if rest == folder else f"{to_folder}/{rest}".strip("/")


def is_out_of_order(state: AssetState | None, message: Moved | ContextChanged) -> bool:
    """Whether messages alone do not tell how the fact stands, so that a read must.

    Two of one time say different things of the folder, or a context changed before another change that is known.
    """
    if state is None or state.facts is None or is_deleted(state) or message.observed_at < state.facts.observed_at:
        return False
    if isinstance(message, Moved):
        return message.observed_at == state.moved_at and message.folder != state.facts.folder
    known = _changed(state.facts.context, message)
    return message.observed_at <= state.context_at and known != state.facts.context


def decides_again(state: AssetState, rulebook: Rulebook) -> bool:
    """Whether an asset of which a fact has changed is decided on again.

    Not where the rules only note it, nothing was decided yet, labels are still to come, or the asset is gone.
    """
    decided = state.intent.outcome.decided if state.intent is not None else state.decided
    return rulebook.follows and bool(decided) and not is_deleted(state) and not is_pending(state, rulebook)


def with_decision_due(state: AssetState, before: AssetState | None, rulebook: Rulebook) -> AssetState:
    """Return ``state`` so that it is decided on again where its folder or context is another than in ``before``."""
    if before is None or before.facts is None or state.facts is None:
        return state
    same = (state.facts.folder, state.facts.context) == (before.facts.folder, before.facts.context)
    return state if same or not decides_again(state, rulebook) else undecided(state)


def undecided(state: AssetState) -> AssetState:
    """Return ``state`` so that it is decided on again though its labels are the same, if need be after its intent."""
    if state.intent is None:
        return replace(state, decided="")
    return replace(state, intent=replace(state.intent, outcome=replace(state.intent.outcome, decided="")))


def with_later_facts(state: AssetState, before: AssetState, message: Labelled) -> AssetState:
    """Return ``state``, which is ``before`` merged with ``message``, with the facts that changed after ``message``.

    Where they are not known, nothing is: the asset is read.
    """
    in_folder, in_context = before.moved_at >= message.observed_at, before.context_at >= message.observed_at
    if message.facts is None or state.facts is None or not (in_folder or in_context):
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


def _changed(context: dict[str, str], message: ContextChanged) -> dict[str, str]:
    return {key: value for key, value in context.items() if key not in message.removed} | message.set
