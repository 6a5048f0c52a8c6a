"""Claims of decisions: from a state and the rules to an intent, with calls and audit fixed before any effect."""

import hashlib
from typing import NamedTuple

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from autotag import ENGINE_VERSION
from autotag.domain.decisions.evaluate import AssetDecision, adopted, complete_labels, plan_tags, subject_of
from autotag.domain.decisions.tag_providers import providers_of_tags, retainable_tags
from autotag.domain.model.audit import Audit, AuditHeader, Inputs, TagChange, Trigger, audit_id, new_audit
from autotag.domain.model.labels import REKOGNITION, Categorization, label_key
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.state.asset_state import AssetState, Intent, NextState, Status, TagPreference, next_poll
from autotag.domain.state.tag_ownership import active_preferences, suppressed, user_tags_of
from autotag.domain.state.tags_present import added_alone, on_asset, written

_DIGITS = 32
"""Hexadecimal digits that name the labels of a decision."""


class Lease(NamedTuple):
    """Values that a claim needs from its environment: new ids, the time and the lease's end (unix milliseconds)."""

    intent_id: str
    owner: str
    now: int
    due_at: int


class Calls(NamedTuple):
    """The tags that an intent adds and removes."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


NO_CALLS = Calls()


def intent_audit_id(state: AssetState, lease: Lease) -> str:
    """Return the id of the audit of an intent that is claimed with ``lease``."""
    return audit_id(state.asset.asset_id, lease.now, lease.intent_id[:12])


def labels_digest(state: AssetState, ruleset: Ruleset) -> str:
    """Return an identifier of what a decision on ``state`` depends on: the version and the rules' providers' labels."""
    counted = msgspec.json.encode(_fingerprint(_considered(state, ruleset)), order="deterministic")
    return f"{state.asset.version}:{hashlib.sha256(counted).hexdigest()[:_DIGITS]}"


def is_pending(state: AssetState, ruleset: Ruleset) -> bool:
    """Return whether labels of the rules' providers are still to come."""
    return any(found.status == "pending" for found in _considered(state, ruleset).values())


def awaits_cloudinary(state: AssetState, ruleset: Ruleset) -> bool:
    """Return whether labels are still to come that a read can show: all but those of an open call of Rekognition."""
    pending = [name for name, found in _considered(state, ruleset).items() if found.status == "pending"]
    return any(name != REKOGNITION for name in pending)


def inputs_of(state: AssetState, ruleset: Ruleset) -> Inputs:
    """Return the inputs of a decision on ``state``."""
    user_tags, held = user_tags_of(state), active_preferences(state)
    there = written(state) | frozenset(state.facts.tags if state.facts else ())
    considered = _considered(state, ruleset)
    return Inputs(
        facts=state.facts if state.facts else UNSET,
        categorizations=considered,
        managed_tags=tuple(state.managed_tags),
        user_tags=user_tags,
        suppressed=tuple(sorted(suppressed(state))),
        missing=tuple(tag for tag in state.managed_tags if tag not in there),
        people=tuple(tag for tag in user_tags if (key := label_key(tag)) in held or added_alone(state, key)),
        unheard=retainable_tags(considered, state.managed_tags, state.givers),
        resource_type=state.asset.resource_type,
    )


def claim_decision(
    state: AssetState,
    verdict: AssetDecision,
    rules: ActiveRules,
    trigger: Trigger,
    lease: Lease,
    *,
    decided: str = "",
    indexed: bool = True,
) -> AssetState:
    """Return ``state`` with the intent that carries out ``verdict``, owned by ``lease.owner``.

    ``decided`` identifies the labels that ``verdict`` is about, if ``state`` no longer holds them. ``indexed`` is as in
    ``Intent``.
    """
    ruleset = rules.ruleset
    inputs = inputs_of(state, ruleset)
    planned = plan_tags(verdict, inputs, ruleset)
    dry = planned.mode == "dry_run"
    known, decision = state.managed_tags, verdict.decision
    left, managed_tags = on_asset(state), None if dry else planned.managed_tags
    audit = new_audit(
        AuditHeader(intent_audit_id(state, lease), lease.now, state.asset, trigger, rules.ruleset.ref, planned.mode),
        outcome=planned.outcome,
        tags=planned.tags,
        labels=planned.labels,
        reason=verdict.reason,
        inputs=inputs if verdict.judged else UNSET,
    )
    return replace(
        open_intent(
            replace(state, managed_tags={**known, **adopted(inputs, ruleset)}),
            audit,
            NextState(
                status=audit.outcome,
                managed_tags={} if audit.outcome == "gone" else left if managed_tags is None else managed_tags,
                decided=decided or labels_digest(state, ruleset),
                review=planned.tags.review,
                givers=providers_of_tags(decision, complete_labels(inputs), subject_of(inputs, ruleset), ruleset)
                if decision and not dry
                else {},
            ),
            lease,
            calls=NO_CALLS if dry else Calls(planned.tags.added, planned.tags.removed),
            indexed=indexed,
        ),
        poll=next_poll(state),
        dirty=None,
        rules_version=ruleset.version,
        rules_seq=rules.seq,
        engine=ENGINE_VERSION,
    )


def bare_record(state: AssetState, verdict: AssetDecision, ruleset: Ruleset, trigger: Trigger) -> Audit:
    """Return the audit of a verdict that changes nothing and does not fit into the state.

    Its id depends on the observation alone, so a message that arrives twice is recorded once.
    """
    seen = [found.observed_at for found in state.categorizations.values()]
    at = max([*seen, state.facts.observed_at if state.facts else 0])
    identifier = audit_id(state.asset.asset_id, at, labels_digest(state, ruleset)[-12:])
    header = AuditHeader(identifier, at, state.asset, trigger, ruleset.ref)
    return new_audit(header, outcome=verdict.outcome, tags=TagChange((), (), ()), reason=verdict.reason)


def open_intent(
    state: AssetState,
    audit: Audit,
    outcome: NextState,
    lease: Lease,
    *,
    calls: Calls = NO_CALLS,
    before: dict[str, TagPreference] | None = None,
    indexed: bool = True,
) -> AssetState:
    """Return ``state`` with an intent that makes ``calls``, records ``audit`` and ends as ``outcome``.

    ``before`` are the preferences to restore if Cloudinary refuses the calls. ``indexed`` is as in ``Intent``.
    """
    status: Status = "applying" if calls.add or calls.remove else state.status
    intent = Intent(
        id=lease.intent_id,
        owner=lease.owner,
        due_at=lease.due_at,
        attempts=0,
        add=calls.add,
        remove=calls.remove,
        audit_id=audit.audit_id,
        audit=msgspec.json.encode(audit),
        outcome=outcome,
        before=before or {},
        indexed=indexed,
    )
    return replace(state, status=status, intent=intent)


def _considered(state: AssetState, ruleset: Ruleset) -> dict[str, Categorization]:
    known = state.categorizations
    return {provider: known[provider] for provider in ruleset.providers if provider in known}


def _fingerprint(considered: dict[str, Categorization]) -> dict[str, object]:
    # without what a model says about labels: it comes with them, in the one answer that a version gets (``is_wanted``)
    return {
        provider: [found.status, sorted(found.labels, key=lambda label: (label.name, label.confidence, label.fault))]
        for provider, found in considered.items()
    }
