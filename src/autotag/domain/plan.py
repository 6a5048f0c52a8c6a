"""From a state and the rules to an intent: what is to be called, and the complete audit, fixed before any effect."""

import hashlib
from typing import NamedTuple

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from autotag import ENGINE_VERSION
from autotag.domain.audit import (
    Audit,
    AuditOutcome,
    Inputs,
    RulesRef,
    TagChange,
    Trigger,
    audit_id,
    iso,
)
from autotag.domain.decision import Decision, decide
from autotag.domain.labels import Categorization, label_key
from autotag.domain.outcome import LabelOutcome
from autotag.domain.rulebook import Rulebook, Subject
from autotag.domain.state import AssetState, Intent, Outcome, Status, suppressed, their_tags


class Grant(NamedTuple):
    """What a claim is given from outside: fresh ids, the time and the lease's end (unix milliseconds)."""

    intent_id: str
    owner: str
    now: int
    due_at: int


class Verdict(NamedTuple):
    """A decision about an asset as a whole. ``decision`` is None where nothing could be decided, for ``reason``."""

    outcome: AuditOutcome
    reason: str = ""
    decision: Decision | None = None


def labels_digest(state: AssetState, rulebook: Rulebook) -> str:
    """Name what a decision on ``state`` depends on: the version and the labels of the providers that count."""
    counted = msgspec.json.encode(_fingerprint(_considered(state, rulebook)), order="deterministic")
    return f"{state.asset.version}:{hashlib.sha256(counted).hexdigest()[:32]}"


def is_pending(state: AssetState, rulebook: Rulebook) -> bool:
    """Whether labels that count are still to come."""
    return any(found.status == "pending" for found in _considered(state, rulebook).values())


def judge(state: AssetState, rulebook: Rulebook) -> Verdict:
    """Decide with what there is; pending labels that never came count as timed out. ``state.facts`` must be known."""
    state = with_adopted(state, rulebook)
    considered = _considered(state, rulebook)
    complete = {provider: found for provider, found in considered.items() if found.status == "complete"}
    if complete:
        decision = decide({provider: found.labels for provider, found in complete.items()}, subject(state), rulebook)
        if decision.skip:
            return Verdict("skipped", f"{decision.skip} leaves these assets alone", decision)
        return Verdict("tagged", decision=decision)
    failed = [f"{provider}: {found.error}" for provider, found in considered.items() if found.status == "failed"]
    pending = [provider for provider, found in considered.items() if found.status == "pending"]
    if pending:
        return Verdict("timed_out", f"{', '.join(pending)} was still pending at the deadline")
    if failed:
        return Verdict("failed", "; ".join(failed))
    return Verdict("skipped", f"the asset has no categorization by {' or '.join(rulebook.providers)}")


def subject(state: AssetState) -> Subject:
    """Return what the rules may ask of the asset."""
    facts = state.facts
    return Subject(
        folder=facts.folder if facts else "",
        format=facts.format if facts else "",
        context=facts.context if facts else {},
        tags=their_tags(state),
        ours=frozenset(state.ours),
        suppressed=suppressed(state),
    )


def with_adopted(state: AssetState, rulebook: Rulebook) -> AssetState:
    """Return ``state`` where the tags that Cloudinary's ``auto_tagging`` assigned are ours, if the rules adopt them.

    They are those that equal a returned label; a tag that a person is known to have added is never adopted.
    """
    if not rulebook.adopts:
        return state
    labels = {label_key(label.name) for found in _considered(state, rulebook).values() for label in found.labels}
    found = {tag: (key,) for tag in their_tags(state) if (key := label_key(tag)) in labels - state.people.keys()}
    return replace(state, ours={**state.ours, **found})


def claim(
    state: AssetState, verdict: Verdict, rulebook: Rulebook, seq: int, trigger: Trigger, grant: Grant
) -> AssetState:
    """Return ``state`` with the intent that carries ``verdict`` out, owned by ``grant.owner``."""
    decision = verdict.decision
    ours = known = state.ours
    state = with_adopted(state, rulebook)
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    labels: tuple[LabelOutcome, ...] = ()
    review: tuple[str, ...] = ()
    outcome = verdict.outcome
    if decision is not None and outcome == "tagged":
        present = set(decision.present)
        wanted = [tag for tag in decision.tags if tag not in present]
        there = {tag for tag, write in state.writes.items() if write.op == "add"}
        there.update(state.facts.tags if state.facts else ())
        add = tuple(tag for tag in wanted if not (tag in state.ours and tag in there))
        remove = tuple(tag for tag in sorted(state.ours) if tag not in wanted)
        ours = {tag: decision.sources[tag] for tag in wanted}
        labels, review = decision.labels, decision.review
        outcome = "tagged" if add or remove else "unchanged"
    mode = decision.mode if decision else "apply"
    dry = mode == "dry_run"
    theirs = their_tags(state)
    audit = Audit(
        audit_id=audit_id(state.asset.asset_id, grant.now, grant.intent_id[:12]),
        at=iso(grant.now),
        asset=state.asset,
        trigger=trigger,
        rules=RulesRef(rulebook.name, rulebook.version),
        mode=mode,
        outcome="unchanged" if dry and outcome == "tagged" else outcome,
        tags=TagChange((*theirs, *(tag for tag in state.ours if tag not in theirs)), add, remove, review),
        labels=labels,
        engine=ENGINE_VERSION,
        reason=verdict.reason or UNSET,
        inputs=_inputs(state, rulebook),
    )
    return replace(
        with_intent(
            state,
            audit,
            Outcome(
                status=audit.outcome,
                ours={} if outcome == "gone" else known if dry else ours,
                decided=labels_digest(state, rulebook),
                review=review,
            ),
            grant,
            add=() if dry else add,
            remove=() if dry else remove,
        ),
        poll=None,
        dirty=None,
        rules_version=rulebook.version,
        rules_seq=seq,
        engine=ENGINE_VERSION,
    )


def with_intent(
    state: AssetState,
    audit: Audit,
    outcome: Outcome,
    grant: Grant,
    *,
    add: tuple[str, ...] = (),
    remove: tuple[str, ...] = (),
) -> AssetState:
    """Return ``state`` with an intent that makes these calls, records ``audit`` and ends as ``outcome``."""
    status: Status = "applying" if add or remove else state.status
    intent = Intent(
        id=grant.intent_id,
        owner=grant.owner,
        due_at=grant.due_at,
        attempts=0,
        add=add,
        remove=remove,
        audit_id=audit.audit_id,
        audit=msgspec.json.encode(audit),
        outcome=outcome,
    )
    return replace(state, status=status, intent=intent)


def _inputs(state: AssetState, rulebook: Rulebook) -> Inputs:
    return Inputs(
        facts=state.facts if state.facts else UNSET,
        categorizations=_considered(state, rulebook),
        ours=tuple(state.ours),
        theirs=their_tags(state),
        suppressed=tuple(sorted(suppressed(state))),
    )


def _considered(state: AssetState, rulebook: Rulebook) -> dict[str, Categorization]:
    known = state.categorizations
    return {provider: known[provider] for provider in rulebook.providers if provider in known}


def _fingerprint(considered: dict[str, Categorization]) -> dict[str, object]:
    return {
        provider: [found.status, sorted(found.labels, key=lambda label: (label.name, label.confidence, label.fault))]
        for provider, found in considered.items()
    }
