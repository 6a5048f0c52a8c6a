"""Audits of decisions, as the service makes them."""

from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.model.audit import Audit, Trigger
from autotag.domain.rules.compiled.ruleset import ActiveRules
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.claim import claim_decision, inputs_of
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.state.state_builders import GRANT, TRIGGER, audit_of

ADA = "arn:aws:sts::123456789012:assumed-role/team/ada"
ACME = 'name = "acme"\n[defaults]\nreview = 0.5\n'


def decision(known: AssetState, rules: str = ACME, trigger: Trigger = TRIGGER) -> Audit:
    """Return the audit of a decision on ``known``."""
    ruleset = book(rules)
    verdict = evaluate(inputs_of(known, ruleset), ruleset)
    return audit_of(claim_decision(known, verdict, ActiveRules(ruleset, 0), trigger, GRANT))
