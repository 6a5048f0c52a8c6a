"""What a run changes on one asset: computed without effects for a plan, and again when it is carried out."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from autotag import ENGINE_VERSION
from autotag.domain.decisions.evaluate import Verdict
from autotag.domain.model.audit import Audit, RulesRef, TagChange, Trigger, audit_id, iso
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.runs.retag import Difference, retagging
from autotag.domain.runs.revert import Reversal, reversal
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_facts import carried_along, is_unclear
from autotag.domain.state.asset_state import AssetState, Outcome, is_deleted
from autotag.domain.state.claim import Grant, claim, with_intent
from autotag.domain.state.tag_ownership import known_tags
from autotag.ports.audits import AuditReader

_PAGE = 50

Rules = tuple[Rulebook, int]


class Change(NamedTuple):
    """A change of the asset of ``state``, which holds its current facts.

    ``cause`` is the verdict or the reversal behind it, or None if only a fact changes.
    """

    state: AssetState
    difference: Difference
    cause: Verdict | Reversal | None


def change_by(run: Run, state: AssetState, rules: Rules, records: AuditReader) -> Change | None:
    """Return what ``run`` changes on the asset of ``state``, or None if it changes nothing."""
    if is_stale(run, state):  # the read will show its folder
        admitted = not is_deleted(state) and replace(run.filter, folder="").admits(state)
        return Change(state, Difference((), (), state.review), None) if admitted else None
    if run.action == "move":
        return _moved(run, state, rules[0])
    if not run.filter.admits(state):
        return None
    if run.action == "retag":
        found = retagging(state, rules[0])
        return Change(state, found.difference, found.verdict) if found else None
    undone = reversal(state, _history(records, state.asset.asset_id), run.undo)
    return Change(state, Difference(tuple(undone.add), undone.remove, state.review), undone) if undone else None


def is_stale(run: Run, state: AssetState) -> bool:
    """Whether ``run`` must read the asset of ``state`` before it decides."""
    if run.action == "move":
        return is_unclear(state, run.moves)
    return run.refresh and (state.facts is None or state.facts.observed_at < run.created_at)


def claimed_by(run: Run, change: Change, rules: Rules, grant: Grant) -> AssetState:
    """Return the state with the intent that carries ``change`` out, or without one if there is nothing to carry out."""
    trigger = Trigger("moved" if run.action == "move" else run.action, "", "", run.id)
    state = change.state
    if change.cause is None:
        return state
    if isinstance(change.cause, Verdict):
        return claim(state, change.cause, *rules, trigger, grant)
    add, remove = change.cause
    ours = {tag: labels for tag, labels in state.ours.items() if tag not in remove} | add
    return with_intent(
        state,
        _record(run, state, change.cause, rules[0], trigger, grant),
        Outcome("tagged", ours, state.decided, state.review),
        grant,
        add=tuple(add),
        remove=remove,
    )


def _moved(run: Run, state: AssetState, rulebook: Rulebook) -> Change | None:
    moved = carried_along(state, run.moves)
    if moved is None or is_deleted(state):
        return None
    found = retagging(moved, rulebook) if rulebook.follows else None
    if found is None:
        return Change(moved, Difference((), (), state.review), None)
    return Change(moved, found.difference, found.verdict)


def _record(run: Run, state: AssetState, undone: Reversal, rulebook: Rulebook, trigger: Trigger, grant: Grant) -> Audit:
    return Audit(
        audit_id=audit_id(state.asset.asset_id, grant.now, grant.intent_id[:12]),
        at=iso(grant.now),
        asset=state.asset,
        trigger=trigger,
        rules=RulesRef(rulebook.name, rulebook.version),
        mode="apply",
        outcome="tagged",
        tags=TagChange(known_tags(state), tuple(undone.add), undone.remove),
        labels=(),
        engine=ENGINE_VERSION,
        reason=f"{run.by} undid {_what(run)}",
        inputs=UNSET,
    )


def _what(run: Run) -> str:
    undo = run.undo
    parts = [
        f"run {undo.run}" if undo.run else "",
        f"rules {undo.rules[:12]}" if undo.rules else "",
        f"what was decided since {iso(undo.since)}" if undo.since else "",
        f"what was decided until {iso(undo.until)}" if undo.until else "",
        f"the tag {undo.tag}" if undo.tag else "",
    ]
    return ", ".join(each for each in parts if each) or "every managed tag"


def _history(records: AuditReader, asset_id: str) -> Iterator[Audit]:
    before = ""
    while page := records.of_asset(asset_id, _PAGE, before):
        yield from page
        before = page[-1].audit_id
