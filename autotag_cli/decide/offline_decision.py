"""Offline decisions, by the same steps as in the deployed service, but without any effect."""

from collections.abc import Iterable
from typing import Any, NamedTuple, cast

from msgspec.structs import replace

from autotag.domain.decisions.decide import Decision
from autotag.domain.decisions.evaluate import AssetDecision, evaluate
from autotag.domain.model.asset import Facts
from autotag.domain.model.audit import Audit, public, trigger_of
from autotag.domain.model.conversion import decoder
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import LabelsObserved
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.state.asset_state import AssetState, Intent, TagPreference
from autotag.domain.state.claim import Lease, claim_decision, inputs_of, is_pending
from autotag.domain.state.complete import decode_audit
from autotag.domain.state.merge import merge

_ONLY_STORED = ("audit_id", "at", "trigger")
_NO_GRANT = Lease(intent_id="", owner="", now=0, due_at=0)


class OfflineDecision(NamedTuple):
    """An offline decision. ``outcome`` is the audit's, or ``pending`` if the service would wait, without a decision."""

    outcome: str
    audit: Audit
    decision: Decision | None


def decide_offline(
    message: LabelsObserved, ruleset: Ruleset, *, managed_tags: Iterable[str] = (), removed: Iterable[str] = ()
) -> OfflineDecision:
    """Decide on an asset of which only ``message``, ``managed_tags`` and tags that people removed are known."""
    state = cast(AssetState, merge(None, message))  # without an older state, no message is too old
    state = replace(
        state,
        facts=_with_tags(state.facts, managed_tags),
        managed_tags={tag: (label_key(tag),) for tag in managed_tags},
        people={label_key(tag): TagPreference("remove", 0, tag) for tag in removed},
    )
    pending = is_pending(state, ruleset)
    verdict = (
        AssetDecision("skipped", _pending_reason(state, ruleset))
        if pending
        else evaluate(inputs_of(state, ruleset), ruleset)
    )
    claimed = claim_decision(state, verdict, ActiveRules(ruleset, 0), trigger_of("webhook", message.source), _NO_GRANT)
    audit = decode_audit(cast(Intent, claimed.intent))
    return OfflineDecision("pending" if pending else audit.outcome, audit, verdict.decision)


def _with_tags(facts: Facts | None, tags: Iterable[str]) -> Facts | None:
    return replace(facts, tags=tuple(dict.fromkeys((*facts.tags, *tags)))) if facts else None


def audit_record(offline: OfflineDecision) -> dict[str, Any]:
    """Return the audit as commands print it, without the fields of stored audits alone."""
    stored = decoder(dict[str, Any]).decode(public(offline.audit))
    return {name: value for name, value in stored.items() if name not in _ONLY_STORED} | {"outcome": offline.outcome}


def _pending_reason(state: AssetState, ruleset: Ruleset) -> str:
    waiting = [
        p for p in ruleset.providers if p in (results := state.categorizations) and results[p].status == "pending"
    ]
    return f"{', '.join(waiting)} is still pending"
