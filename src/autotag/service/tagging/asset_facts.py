"""Updates of the facts that rules use: an asset moved, its context or metadata changed, its folder got a new path."""

from msgspec.structs import replace

from autotag.domain.errors import TooLarge
from autotag.domain.model.asset import FolderMove
from autotag.domain.model.audit import Trigger, TriggerKind, trigger_of
from autotag.domain.model.messages import AssetMoved, FactChange, FolderMoved, MetadataChanged
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_facts import follow, is_out_of_order, with_decision_due
from autotag.domain.state.asset_state import AssetState
from autotag.service.context import Dependencies, Remaining, retry_conflicts, rules_for
from autotag.service.tagging.decide import decide_and_execute, finish_abandoned
from autotag.service.tagging.hints import read_soon
from autotag.service.tagging.person_edits import read_again

_RECENT = 86400
"""Seconds in which a run over a folder ends."""


def handle_fact_change(deps: Dependencies, message: FactChange, remaining: Remaining) -> bool:
    """Store the fact that ``message`` reports, and decide again with the stored labels, unless the rules only note it.

    Returns whether the asset must be read now, because messages alone do not show the current fact.
    """
    asset_id = message.asset.asset_id
    trigger = trigger_of(_kind(message), message.source)

    def attempt() -> bool | None:
        state = deps.store.load(asset_id)
        if is_out_of_order(state, message):
            read_soon(deps, asset_id)
            deps.telemetry.count("Stale")
            return True
        known = follow(state, message)
        if known is None or known == state:
            deps.telemetry.count("Stale" if known is None else "Duplicate")
            return False
        if state is not None and state.intent is not None and state.intent.due_at <= deps.clock.now():
            finish_abandoned(deps, state, remaining)
            return None
        return False if store_facts(deps, state, known, trigger, remaining) else None

    return retry_conflicts(asset_id, attempt)


def _kind(message: FactChange) -> TriggerKind:
    if isinstance(message, AssetMoved):
        return "moved"
    return "metadata" if isinstance(message, MetadataChanged) else "context"


def store_facts(
    deps: Dependencies, state: AssetState | None, known: AssetState, trigger: Trigger, remaining: Remaining
) -> bool:
    """Store ``known`` over ``state``, and decide again if a fact differs; return False if the stored state changed.

    If the state gets too large, what can be read again is dropped, and the asset is read later.
    """
    due = with_decision_due(known, state, rules_for(deps, known).ruleset)
    if due is not known and state is not None and state.intent is None:
        return decide_and_execute(deps, due, state, trigger, remaining) != "lost"
    if due is not known:  # the owner of the open intent decides again
        due = replace(due, dirty=trigger)
    try:
        return deps.store.put(due, expected=state) is not None
    except TooLarge as error:
        deps.telemetry.warn("refetch_scheduled", asset_id=known.asset.asset_id, fault=str(error))
        return deps.store.put(read_again(deps, due), expected=state) is not None


def handle_folder_move(deps: Dependencies, message: FolderMoved) -> None:
    """Start a run over the assets in a folder that has a new path; the same notification starts only one run.

    The run also applies the other recent folder moves: of two runs, either may reach an asset first.
    """
    run_id = message.source.digest[:32]
    if deps.runs.load(run_id) is not None:
        deps.telemetry.count("Duplicate")
        return
    now = deps.clock.now()
    recent = (run.moves for run in deps.runs.recent() if run.created_at > now - _RECENT * 1000)
    moves = {FolderMove(message.from_folder, message.to_folder, message.observed_at)}.union(*recent)
    run = Run(
        id=run_id,
        action="move",
        by="Cloudinary",
        created_at=now,
        moves=tuple(sorted(moves, key=lambda move: (move.at, move.from_folder))),
        rules_seq=deps.rules.active().seq,
    )
    deps.runs.create(run)
    deps.telemetry.info("run_started", run=run.id, action=run.action, caller=run.by)
