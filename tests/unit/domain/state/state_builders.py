"""States, messages and intents in short."""

from typing import Any

from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.audit import Audit, Trigger
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.model.messages import LabelsObserved, MessageOrigin, TagsEdited
from autotag.domain.rules.compiled.ruleset import ActiveRules
from autotag.domain.state.asset_state import AssetState, Intent
from autotag.domain.state.claim import Lease, claim_decision, inputs_of
from autotag.domain.state.complete import decode_audit
from tests.unit.domain.decisions.decision_helpers import book

T0 = 1_791_460_800_000
MINUTE = 60_000
REF = AssetRef("a1", "stage/guitarist", "image", "upload", 100)
SOURCE = MessageOrigin("upload", "d" * 64, "r1")
TRIGGER = Trigger("webhook", "upload", "d" * 64, "r1")
GRANT = Lease("1" * 32, "2" * 32, T0 + 5000, T0 + 125_000)
REKOGNITION = "aws_rek_tagging"
RULEBOOK = book("")
MANAGED = {"Guitar": ("electric guitar", "guitar"), "Music": ("music",)}
"""Managed tags, with the labels that each stands for."""
UPLOADED = REF.version * 1000
"""The unix milliseconds of the upload of ``REF``."""


def facts(*tags: str, at: int = T0, folder: str = "stage") -> Facts:
    """Return what is known of the asset at ``at``."""
    return Facts(folder, "jpg", {}, tags, at)


def complete(labels: dict[str, float] | None = None, at: int = T0) -> Categorization:
    """Return a provider's finished answer."""
    found = {"Guitar": 0.9} if labels is None else labels
    return Categorization("complete", tuple(Label(*pair) for pair in found.items()), at)


def pending(at: int = T0) -> Categorization:
    """Return a provider's answer that is still to come."""
    return Categorization("pending", observed_at=at)


def failed(at: int = T0, error: str = "no luck") -> Categorization:
    """Return a provider's failure."""
    return Categorization("failed", observed_at=at, error=error)


def message(
    found: Categorization | None = None, *, version: int = 100, at: int = T0, seen: Facts | None = None, **ref: Any
) -> LabelsObserved:
    """Return a message with one provider's answer."""
    asset = AssetRef(**{**{f: getattr(REF, f) for f in REF.__struct_fields__}, "version": version, **ref})
    return LabelsObserved(asset, {REKOGNITION: found} if found else {}, at, SOURCE, seen)


def state(found: Categorization | None = None, **fields: Any) -> AssetState:
    """Return a state with one provider's answer and no tags."""
    known = {"asset": REF, "status": "pending", "facts": facts(), **fields}
    return AssetState(categorizations={REKOGNITION: found or complete()}, **known)


def person(*, added: tuple[str, ...] = (), removed: tuple[str, ...] = (), at: int = T0) -> TagsEdited:
    """Return what a person did."""
    return TagsEdited(REF, at, "jane@example.com", MessageOrigin("resource_tags_changed", "e" * 64), added, removed)


def claimed(known: AssetState, rules: str = "", seq: int = 0) -> AssetState:
    """Decide on ``known`` and return it with the intent."""
    ruleset = book(rules)
    return claim_decision(
        known, evaluate(inputs_of(known, ruleset), ruleset), ActiveRules(ruleset, seq), TRIGGER, GRANT
    )


def intent_of(known: AssetState) -> Intent:
    """Return the open intent."""
    assert known.intent is not None
    return known.intent


def audit_of(known: AssetState) -> Audit:
    """Return the audit that the open intent fixed."""
    return decode_audit(intent_of(known))
