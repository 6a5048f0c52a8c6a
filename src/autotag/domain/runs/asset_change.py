"""What a run changes on one asset: computed for a plan, and again when it is carried out."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.decisions.evaluate import AssetDecision
from autotag.domain.model.audit import Audit, AuditHeader, TagChange, Trigger, iso, new_audit
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.runs.retag import Difference, retagging
from autotag.domain.runs.revert import Reversal, reversal
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_facts import carried_along, is_unclear
from autotag.domain.state.asset_state import AssetState, NextState, is_deleted
from autotag.domain.state.claim import Calls, Lease, claim_decision, intent_audit_id, open_intent
from autotag.domain.state.tag_ownership import known_tags


class AssetChange(NamedTuple):
    """A change of the asset of ``state``, which holds its current facts.

    ``cause`` is the verdict or the reversal behind it, or None if only a fact changes.
    """

    state: AssetState
    difference: Difference
    cause: AssetDecision | Reversal | None


class PlannedChange(NamedTuple):
    """One asset as it was read, and what a run would change on it."""

    state: AssetState
    change: AssetChange


def change_by(run: Run, state: AssetState, ruleset: Ruleset, audits: Iterable[Audit]) -> AssetChange | None:
    """Return what ``run`` changes on the asset of ``state``, or None if it changes nothing.

    ``audits`` are those of the asset, the latest first; only a revert reads them, as far as it needs them.
    """
    if is_stale(run, state):  # the read will show its folder
        admitted = not is_deleted(state) and replace(run.filter, folder="").admits(state)
        return AssetChange(state, Difference((), (), state.review), None) if admitted else None
    if run.action == "move":
        return _moved(run, state, ruleset)
    if not run.filter.admits(state):
        return None
    if run.action == "retag":
        found = retagging(state, ruleset)
        return AssetChange(state, found.difference, found.verdict) if found else None
    undone = reversal(state, audits, run.undo)
    return AssetChange(state, Difference(tuple(undone.add), undone.remove, state.review), undone) if undone else None


def is_stale(run: Run, state: AssetState) -> bool:
    """Whether ``run`` must read the asset of ``state`` before it decides."""
    if run.action == "move":
        return is_unclear(state, run.moves)
    return run.refresh and (state.facts is None or state.facts.observed_at < run.created_at)


def claimed_by(run: Run, change: AssetChange, rules: ActiveRules, lease: Lease) -> AssetState:
    """Return the state with the intent that carries ``change`` out, or without one if there is nothing to carry out."""
    trigger = Trigger("moved" if run.action == "move" else run.action, "", "", run.id)
    state = change.state
    if change.cause is None:
        return state
    if isinstance(change.cause, AssetDecision):
        return claim_decision(state, change.cause, rules, trigger, lease)
    add, remove = change.cause
    managed_tags = {tag: labels for tag, labels in state.managed_tags.items() if tag not in remove} | add
    audit = new_audit(
        AuditHeader(intent_audit_id(state, lease), lease.now, state.asset, trigger, rules.ruleset.ref),
        outcome="tagged",
        tags=TagChange(known_tags(state), tuple(add), remove),
        reason=f"{run.by} undid {_selection(run)}",
    )
    outcome = NextState("tagged", managed_tags, state.decided, state.review)
    return open_intent(state, audit, outcome, lease, calls=Calls(tuple(add), remove))


def _moved(run: Run, state: AssetState, ruleset: Ruleset) -> AssetChange | None:
    moved = carried_along(state, run.moves)
    if moved is None or is_deleted(state):
        return None
    found = retagging(moved, ruleset) if ruleset.follows else None
    if found is None:
        return AssetChange(moved, Difference((), (), state.review), None)
    return AssetChange(moved, found.difference, found.verdict)


def _selection(run: Run) -> str:
    """Return which decisions a revert undoes, in words."""
    undo = run.undo
    parts = [
        f"run {undo.run}" if undo.run else "",
        f"rules {undo.rules[:12]}" if undo.rules else "",
        f"what was decided since {iso(undo.since)}" if undo.since else "",
        f"what was decided until {iso(undo.until)}" if undo.until else "",
        f"the tag {undo.tag}" if undo.tag else "",
    ]
    return ", ".join(each for each in parts if each) or "every managed tag"
