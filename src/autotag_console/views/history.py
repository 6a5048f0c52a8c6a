"""The history of an asset as a timeline, and which of its answers can be taken back."""

from collections.abc import Sequence

from msgspec import Struct

from autotag.domain.model.audit import AnswerRecord, Audit
from autotag.domain.sentences.history import timeline
from autotag.domain.sentences.sentence import Sentence


class Entry(Struct, frozen=True):
    """One audit in the timeline, at ``at`` (ISO 8601).

    ``answered``: the tags of its answers that may be taken back. ``is_taken_back``: a later audit took them back.
    """

    audit_id: str
    at: str
    sentence: Sentence
    is_bad: bool
    rules_name: str
    rules_version: str
    answered: tuple[str, ...]
    is_taken_back: bool


def entries(audits: Sequence[Audit]) -> tuple[Entry, ...]:
    """Return the entries of one asset's audits, in their order, the newest first."""
    undone: dict[str, set[str]] = {}
    for audit in audits:
        if isinstance(audit.undid, str) and isinstance(audit.answers, AnswerRecord):
            undone.setdefault(audit.undid, set()).update(audit.answers.undo)
    lines = zip(audits, timeline(audits), strict=True)
    return tuple(_entry(audit, line.sentence, undone.get(audit.audit_id, set())) for audit, line in lines)


def _entry(audit: Audit, sentence: Sentence, undone: set[str]) -> Entry:
    answers = audit.answers if isinstance(audit.answers, AnswerRecord) else AnswerRecord()
    answered = (*answers.accept, *answers.reject)
    return Entry(
        audit.audit_id,
        audit.at,
        sentence,
        audit.outcome in ("failed", "timed_out"),
        audit.rules.name,
        audit.rules.version,
        tuple(tag for tag in answered if tag not in undone),
        bool(undone.intersection(answered)),
    )
