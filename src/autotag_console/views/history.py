"""The history of an asset as a timeline: what happened, by whom or by what, and which answers can be taken back."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from autotag.domain.model.audit import AnswerRecord, Audit

_TRIGGERS = {
    "webhook": "a notification from Cloudinary",
    "poll": "a look at the asset in Cloudinary",
    "person": "a person's change in Cloudinary",
    "retag": "a retag of the library",
    "backfill": "a backfill of the library",
    "revert": "a revert",
    "review": "an answer in the review",
    "moved": "a move to another folder",
    "context": "changed context",
}
_OUTCOMES = {
    "tagged": "Tags changed",
    "unchanged": "Nothing changed",
    "skipped": "Skipped",
    "failed": "Failed",
    "timed_out": "No labels came in time",
    "gone": "The asset was gone",
}


class Entry(Struct, frozen=True):
    """One audit in the timeline. ``taken_back_by`` is the audit_id of the undo of its answers, "" if there is none.

    ``answered``: the tags of its answers that may be taken back.
    """

    audit_id: str
    at: str
    what: str
    cause: str
    is_bad: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    review: tuple[str, ...]
    reason: str
    rules_name: str
    rules_version: str
    dry_run: bool
    answered: tuple[str, ...]
    taken_back_by: str


def timeline(audits: Sequence[Audit]) -> tuple[Entry, ...]:
    """Return the entries, in the order of ``audits``."""
    undone = {audit.undid: audit.audit_id for audit in audits if isinstance(audit.undid, str)}
    return tuple(_entry(audit, undone.get(audit.audit_id, "")) for audit in audits)


def last_decision(audits: Iterable[Audit]) -> Audit | None:
    """Return the newest audit that says why for each label; the newest come first. None if there is none."""
    return next((audit for audit in audits if audit.labels and not isinstance(audit.answers, AnswerRecord)), None)


def _entry(audit: Audit, taken_back_by: str) -> Entry:
    answers = audit.answers if isinstance(audit.answers, AnswerRecord) else AnswerRecord()
    kind, notification = audit.trigger.kind, audit.trigger.notification_type
    return Entry(
        audit.audit_id,
        audit.at,
        _OUTCOMES.get(audit.outcome, audit.outcome),
        _TRIGGERS.get(kind, kind) + (f" ({notification})" if notification and kind == "webhook" else ""),
        audit.outcome in ("failed", "timed_out"),
        audit.tags.added,
        audit.tags.removed,
        audit.tags.review,
        audit.reason if isinstance(audit.reason, str) else "",
        audit.rules.name,
        audit.rules.version,
        audit.mode == "dry_run",
        () if taken_back_by else (*answers.accept, *answers.reject),
        taken_back_by,
    )
