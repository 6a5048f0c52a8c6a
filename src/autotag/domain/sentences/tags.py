"""One sentence for each tag that is on an asset: which label and rule, which person or which upload put it there."""

from collections.abc import Sequence

from autotag.domain.model.audit import AnswerRecord, Audit
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.sentences.label_clauses import first_path, why_implied, why_kept, why_translated
from autotag.domain.sentences.numbers import moment_text
from autotag.domain.sentences.people import change_of, explain_change
from autotag.domain.sentences.picture import Assignment, Picture
from autotag.domain.sentences.reviewers import reviewer
from autotag.domain.sentences.sentence import Parts, Sentence, bold, parts, sentence


def explain_tags(picture: Picture, audits: Sequence[Audit] = ()) -> dict[str, Sentence]:
    """Return a sentence for each tag that is known to be on the asset, the managed tags first.

    ``audits`` are those of the asset, the newest first, as far as they are at hand.
    """
    managed = {tag: _managed(tag, picture, audits) for tag in picture.tags.managed}
    return managed | {tag: _users(tag, picture, audits) for tag in picture.tags.user if tag not in managed}


def _managed(tag: str, picture: Picture, audits: Sequence[Audit]) -> Sentence:
    addition = next((audit for audit in audits if _is_addition(audit, tag)), None)
    decision = next((audit for audit in audits if _reason(audit, tag)), None)
    found = _reason(decision, tag) if decision else None
    why = parts(" because ", _why(found)) if found else ()
    rule = first_path(found.because) if found else ""
    if addition is None:
        assigned = picture.assigned.get(label_key(tag))
        if assigned is not None:
            return sentence(_by_cloudinary(tag, assigned), ". The rules adopted it", _stays(found), ".", rule=rule)
        return sentence("autotag keeps ", bold(tag), why, ". The audit of its addition is not at hand.", rule=rule)
    begin: Parts = parts("autotag added ", bold(tag), f" on {moment_text(addition.at)}")
    if addition.trigger.kind == "review":
        begin = parts(begin, f" because {reviewer(addition) or 'a reviewer'} took the rejection back")
    elif addition.trigger.kind == "revert":
        begin = parts(begin, " in a revert of an earlier decision")
    elif addition is decision:
        return sentence(begin, why, ".", rule=rule)
    return sentence(begin, ".", parts(" It stays", why, ".") if why else (), rule=rule)


def _users(tag: str, picture: Picture, audits: Sequence[Audit]) -> Sentence:
    change = change_of(picture, tag)
    if change is not None and change.desired == "add":
        return explain_change(tag, change, next((audit for audit in audits if audit.audit_id == change.answer), None))
    assigned = picture.assigned.get(label_key(tag))
    if assigned is not None:
        return sentence(_by_cloudinary(tag, assigned), ".")
    return sentence(bold(tag), " came with the picture: an upload, a person or Cloudinary put it there, not autotag.")


def _by_cloudinary(tag: str, assigned: Assignment) -> Parts:
    who = "A person or Cloudinary's auto_tagging" if assigned.alone else "Cloudinary's auto_tagging"
    return parts(f"{who} added ", bold(tag), f" on {moment_text(assigned.at)}")


def _stays(found: LabelOutcome | None) -> Parts:
    return parts(", and it stays because ", _why(found)) if found else ()


def _is_addition(audit: Audit, tag: str) -> bool:
    """Return whether ``audit`` made ``tag`` a managed tag: what a person adds or a reviewer accepts is people's."""
    if tag not in audit.tags.added or audit.mode != "apply" or audit.trigger.kind == "person":
        return False
    if audit.trigger.kind != "review":
        return True
    return isinstance(audit.answers, AnswerRecord) and label_key(tag) in label_keys(audit.answers.undo)


def _reason(audit: Audit, tag: str) -> LabelOutcome | None:
    """Return the outcome in ``audit``, if it is a decision, that gave ``tag``."""
    if audit.trigger.kind in ("person", "review") or audit.mode != "apply" or audit.outcome not in _DECIDED:
        return None
    given = (each for each in audit.labels if each.tag == tag and each.outcome in _GIVING)
    return next(given, None)


_GIVING = ("kept", "parent", "added", "translated")
_DECIDED = ("tagged", "unchanged")


def _why(outcome: LabelOutcome) -> Parts:
    if outcome.outcome == "translated":
        return why_translated(outcome)
    return why_kept(outcome) if outcome.outcome == "kept" else why_implied(outcome)
