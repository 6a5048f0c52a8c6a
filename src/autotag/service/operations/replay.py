"""The repetition of a decision, from its stored audit and its stored rules."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from autotag.domain.decisions.replay import has_decision, replay
from autotag.domain.errors import Invalid, Missing
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.versions import ruleset_of
from autotag.ports.audits import AuditReader
from autotag.ports.rules import RuleVersionStore


class Replay(Struct, frozen=True, forbid_unknown_fields=True, tag="replay", tag_field="op"):
    """A request to repeat the decision that an audit records, and to compare the two."""

    audit_id: Annotated[str, Meta(min_length=1, max_length=1024)]


def replay_audit(records: AuditReader, versions: RuleVersionStore, request: Replay) -> dict[str, Any]:
    """Return whether the decision is identical, and the differences.

    Raises ``Missing`` if there is no such audit, or if its rules cannot be read any more.
    """
    audit = records.get(request.audit_id)
    if audit is None:
        raise Missing(f"there is no audit {request.audit_id!r}")
    differences: tuple[str, ...] = ()
    if has_decision(audit):
        differences = replay(audit, _rulebook(versions, audit.rules.version))
    return {
        "audit_id": audit.audit_id,
        "identical": not differences,
        "decided": has_decision(audit),
        "differences": differences,
        "rules": audit.rules,
    }


def _rulebook(versions: RuleVersionStore, version: str) -> Ruleset:
    try:
        return ruleset_of(version, versions.stored_rules(version))
    except Invalid as error:
        raise Missing(f"it cannot be decided again: {error}") from error
