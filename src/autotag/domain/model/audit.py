"""The audit record: what was decided on one asset, and why. Also the detail of the EventBridge event.

Times are ISO 8601 in UTC with milliseconds; confidence is 0 to 1. Shape: design of the service, section "audits".
"""

from datetime import UTC, datetime
from typing import Literal, NamedTuple

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from autotag import ENGINE_VERSION
from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization
from autotag.domain.model.messages import MessageOrigin
from autotag.domain.model.outcome import LabelOutcome, Mode

TriggerKind = Literal[
    "webhook", "poll", "person", "retag", "backfill", "revert", "review", "moved", "context", "metadata"
]
AuditOutcome = Literal["tagged", "unchanged", "skipped", "failed", "timed_out", "gone"]
DetailType = Literal["Asset Tagged", "Asset Unchanged", "Review Needed", "Categorization Failed", "Asset Skipped"]


class Trigger(Struct, frozen=True):
    """What led to the decision. ``digest`` is the SHA-256 of the notification's body, or "" if there was none."""

    kind: TriggerKind
    notification_type: str
    digest: str
    request_id: str


class RulesRef(Struct, frozen=True):
    """The rules that decided: their name and their version, a hash."""

    name: str
    version: str


class TagChange(Struct, frozen=True):
    """The asset's known tags before, the tags added and removed, and the tags that a reviewer is asked about.

    In mode ``dry_run``, ``added`` and ``removed`` are what would have been written.
    """

    before: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    review: tuple[str, ...] = ()


class Inputs(Struct, frozen=True, kw_only=True):
    """Everything that a decision depends on besides the rules, both live and in a replay.

    ``categorizations`` are those of the rules' providers. ``managed_tags`` and ``user_tags`` (all other tags) are as
    they were before the rules adopted any. ``missing``: managed tags that are not known to be on the asset. ``people``:
    tags of ``user_tags`` that a person is known to have changed. ``suppressed``: keys of the tags and labels that a
    person removed. ``unheard``: managed tags that a provider may have given whose labels are missing; each with the
    keys of the labels and names that it stands for. ``resource_type`` is "" where it is not known, and in audits of
    earlier releases.
    """

    facts: Facts | UnsetType = UNSET
    categorizations: dict[str, Categorization]
    managed_tags: tuple[str, ...] = field(name="ours")
    user_tags: tuple[str, ...] = field(name="theirs")
    suppressed: tuple[str, ...]
    missing: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    unheard: dict[str, tuple[str, ...]] = {}
    resource_type: str = ""


class Decided(Struct, frozen=True):
    """What was decided, where the result differs: Cloudinary refused the tags, or the asset was gone."""

    outcome: AuditOutcome
    tags: TagChange
    reason: str | UnsetType = UNSET


class AnswerRecord(Struct, frozen=True):
    """The tags that a reviewer answered about in the review queue, grouped by answer.

    ``asked_at`` is when the asset began to wait for answers, "" if it did not wait. ``managed_tags``: the tags of
    ``accept`` that were managed tags until then.
    """

    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    asked_at: str = ""
    managed_tags: tuple[str, ...] = field(default=(), name="ours")


class Audit(Struct, frozen=True):
    """One immutable record. ``reason`` says in a sentence why nothing was decided or done, or what stays undecided.

    ``inputs`` is absent if there was nothing to decide. ``decided`` holds the decision if the result differs from it.
    ``answers`` is present if a reviewer answered, ``undid`` (an audit_id) if they took an answer back.
    """

    audit_id: str
    at: str
    asset: AssetRef
    trigger: Trigger
    rules: RulesRef
    mode: Mode
    outcome: AuditOutcome
    tags: TagChange
    labels: tuple[LabelOutcome, ...]
    engine: str
    reason: str | UnsetType = UNSET
    inputs: Inputs | UnsetType = UNSET
    decided: Decided | UnsetType = UNSET
    answers: AnswerRecord | UnsetType = UNSET
    undid: str | UnsetType = UNSET


class AuditHeader(NamedTuple):
    """What every audit has: its id, its time (unix milliseconds), the asset, the cause, the rules and their mode."""

    audit_id: str
    at: int
    asset: AssetRef
    trigger: Trigger
    rules: RulesRef
    mode: Mode = "apply"


def new_audit(
    header: AuditHeader,
    *,
    outcome: AuditOutcome,
    tags: TagChange,
    labels: tuple[LabelOutcome, ...] = (),
    reason: str = "",
    inputs: Inputs | UnsetType = UNSET,
) -> Audit:
    """Return an audit of this version of the engine; ``reason`` is left out if it is empty."""
    return Audit(
        audit_id=header.audit_id,
        at=iso(header.at),
        asset=header.asset,
        trigger=header.trigger,
        rules=header.rules,
        mode=header.mode,
        outcome=outcome,
        tags=tags,
        labels=labels,
        engine=ENGINE_VERSION,
        reason=reason or UNSET,
        inputs=inputs,
    )


class AuditId(NamedTuple):
    """The parts of an audit_id; ``at`` is in unix milliseconds."""

    asset_id: str
    at: int
    unique: str


def audit_id(asset_id: str, at: int, unique: str) -> str:
    """Return an id that contains the asset_id and sorts by time within the asset. ``at`` is in unix milliseconds."""
    return f"{asset_id}.{at:013d}.{unique}"


def asset_of_audit(identifier: str) -> str:
    """Return the asset_id in an audit_id; raises ``Invalid`` if it is not an audit_id."""
    asset_id, _, rest = identifier.partition(".")
    if not asset_id or not rest:
        raise Invalid("audit_id", "expected <asset_id>.<milliseconds>.<unique>")
    return asset_id


def parts_of(identifier: str) -> AuditId:
    """Return the parts of an audit_id; raises ``Invalid`` if it is not an audit_id."""
    asset_id, _, rest = identifier.partition(".")
    at, _, unique = rest.partition(".")
    if not asset_id or not unique or not (at.isascii() and at.isdecimal() and len(at) == _DIGITS):
        raise Invalid("audit_id", f"expected <asset_id>.<milliseconds>.<unique>, not {identifier!r}")
    return AuditId(asset_id, int(at), unique)


_DIGITS = 13
"""Digits of the milliseconds in an audit_id; a fixed number, so that ids sort by time."""


def iso(at: int) -> str:
    """Return unix milliseconds as ISO 8601 in UTC with milliseconds, such as 2026-11-24T08:00:00.123Z."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(at: str) -> int:
    """Return the unix milliseconds of an audit's ISO 8601 time."""
    return round(datetime.fromisoformat(at).timestamp() * 1000)


def moment(audit: Audit) -> int:
    """Return when the decision was made, in unix milliseconds."""
    return milliseconds(audit.at)


def trigger_of(kind: TriggerKind, source: MessageOrigin) -> Trigger:
    """Return the audit's trigger for a message that came from ``source``."""
    return Trigger(kind, source.notification_type, source.digest, source.request_id)


def detail_types(audit: Audit) -> tuple[DetailType, ...]:
    """Return the types of the events that announce ``audit``: one for its outcome, and one if a reviewer is asked.

    An unchanged asset that needs a review is announced once, as ``Review Needed``.
    """
    if audit.outcome in ("failed", "timed_out"):
        return ("Categorization Failed",)
    if audit.outcome in ("skipped", "gone"):
        return ("Asset Skipped",)
    tagged = audit.outcome == "tagged"
    review: tuple[DetailType, ...] = ("Review Needed",) if audit.tags.review else ()
    return (*(("Asset Tagged",) if tagged else ()), *review) or ("Asset Unchanged",)


REPLAY_ONLY = ("inputs", "decided")
"""The fields that only a replay needs: no command prints them, and no event has them."""


def public(audit: Audit) -> bytes:
    """Return the JSON that commands print and events carry: the record without the fields that only a replay needs."""
    return msgspec.json.encode(msgspec.structs.replace(audit, **dict.fromkeys(REPLAY_ONLY, UNSET)))


def answers_of(record: Audit | None) -> AnswerRecord | None:
    """Return the answers that an audit records; None if it has none, or is older than the recording of answers."""
    return record.answers if record is not None and isinstance(record.answers, AnswerRecord) else None
