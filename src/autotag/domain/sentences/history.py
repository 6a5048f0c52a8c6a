"""The history of an asset as a timeline: one sentence for each audit, which says what changed, and what caused it."""

from collections.abc import Sequence

from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.audit import AnswerRecord, Audit, TagChange, iso, parts_of
from autotag.domain.sentences.causes import cause_of
from autotag.domain.sentences.numbers import moment_text
from autotag.domain.sentences.outcomes import undecided
from autotag.domain.sentences.reviewers import editor, reverted_by, reviewer, verbs
from autotag.domain.sentences.sentence import Parts, Sentence, listed, parts, sentence


class TimelineEntry(Struct, frozen=True):
    """One audit in a timeline: when it was (``at`` in ISO 8601, ``when`` in words), and what happened."""

    audit_id: str
    at: str
    when: str
    sentence: Sentence


def timeline(audits: Sequence[Audit]) -> tuple[TimelineEntry, ...]:
    """Return an entry for each of one asset's ``audits``, in their order, the newest first."""
    return tuple(
        TimelineEntry(audit.audit_id, audit.at, moment_text(audit.at), explain_audit(audit, audits[i + 1 : i + 2]))
        for i, audit in enumerate(audits)
    )


def explain_audit(audit: Audit, earlier: Sequence[Audit] = ()) -> Sentence:
    """Return what an audit records, in one or two sentences; ``earlier`` are older audits of the asset, if known.

    They show whether an upload was one of a new version.
    """
    match audit.trigger.kind:
        case "person":
            return _by_person(audit)
        case "review":
            return _by_reviewer(audit)
        case "revert":
            return _reverted(audit)
        case _:
            return _decided(audit, earlier)


def _decided(audit: Audit, earlier: Sequence[Audit]) -> Sentence:
    cause = cause_of(audit, earlier)
    if audit.outcome not in ("tagged", "unchanged") and (found := undecided(audit, cause)):
        return found
    done, by = _changes(audit.tags), f"under the rules {audit.rules.name} ({audit.rules.version[:12]})"
    if audit.outcome == "failed":
        return sentence(f"{cause}, ", _refusal(audit))
    if audit.mode == "dry_run":
        did = parts(f"a dry run {by} would have ", done or "changed no tag", "; it wrote nothing")
    else:
        did = parts("autotag ", done or "changed no tag", f" {by}")
    asked = parts(" A person is asked about ", listed(audit.tags.review), ".") if audit.tags.review else ()
    also = f" {_reason(audit)}." if _reason(audit) else ""
    return sentence(f"{cause}, ", did, ".", asked, also)


def _refusal(audit: Audit) -> Parts:
    """Return what Cloudinary refused, as a clause that ends the sentence; some calls may have been made before."""
    done = _changes(audit.tags)
    if done:
        return parts("autotag ", done, f", but Cloudinary refused the other changes ({_reason(audit)}).")
    return parts(f"Cloudinary refused to change the tags ({_reason(audit)}).")


def _by_person(audit: Audit) -> Sentence:
    reason, done = _reason(audit), _changes(audit.tags)
    by = editor(reason)
    who = f"A person ({by})" if by else "A person"
    if audit.outcome == "failed":
        return sentence(f"{who} changed tags in Cloudinary, which autotag could not store ({reason}).")
    return sentence(f"{who} ", done or "changed tags", " in Cloudinary.")


def _by_reviewer(audit: Audit) -> Sentence:
    who = reviewer(audit) or "A reviewer"
    did = _answers(audit) or parts("answered questions")
    if audit.outcome == "gone":
        return sentence(f"{who} ", did, ", but the picture was deleted.")
    if audit.outcome == "failed":
        return sentence(f"{who} ", did, ", but ", _refusal(audit))
    done = _changes(audit.tags)
    wrote = parts(" autotag ", done, ".") if done else ()
    return sentence(f"{who} ", did, ".", wrote)


def _answers(audit: Audit) -> Parts:
    if not isinstance(audit.answers, AnswerRecord):
        return _old_answers(audit)
    said = [(verb, tags) for verb, tags in verbs(audit.answers) if tags]
    pieces: list[str | Parts] = []
    for i, (verb, tags) in enumerate(said):
        between = "" if i == 0 else " and " if i == len(said) - 1 else ", "
        pieces += [between, _SAID.get(verb, f"{verb} "), listed(tags)]
        if verb == "taken back":
            pieces.append(_of_answer(audit))
    return parts(*pieces)


_SAID = {"cleared": "cleared the removal of ", "taken back": "took back the answer about "}


def _of_answer(audit: Audit) -> str:
    try:
        return f" of {moment_text(iso(parts_of(audit.undid).at))}" if isinstance(audit.undid, str) else ""
    except Invalid:
        return ""


def _old_answers(audit: Audit) -> Parts:
    """Return the answers in an audit that is older than the recording of answers: what they led to."""
    accepted = [each.tag for each in audit.labels if each.tag and each.because.startswith("accepted by ")]
    rejected = [each.tag for each in audit.labels if each.tag and each.because.startswith("rejected by ")]
    found = (("accepted ", accepted), ("rejected ", rejected))
    said = [parts(verb, listed(dict.fromkeys(tags))) for verb, tags in found if tags]
    return parts(said[0], " and ", said[1]) if len(said) == 2 else said[0] if said else ()


def _reverted(audit: Audit) -> Sentence:
    by, what = reverted_by(_reason(audit))
    done = _changes(audit.tags)
    who = f"{cause_of(audit)}, {by or 'an operator'} undid {what or 'earlier decisions'}"
    if audit.outcome == "gone":
        return sentence(f"{who}, but the picture was deleted.")
    if audit.outcome == "failed":
        return sentence(f"{who}, but ", _refusal(audit))
    return sentence(f"{who}: autotag ", done or "changed no tag", ".")


def _changes(tags: TagChange) -> Parts:
    """Return what was added and removed, such as ``added a and b, and removed c``, or nothing."""
    added = parts("added ", listed(tags.added)) if tags.added else ()
    removed = parts("removed ", listed(tags.removed)) if tags.removed else ()
    between = "" if not added or not removed else ", and " if len(tags.added) > 1 else " and "
    return parts(added, between, removed)


def _reason(audit: Audit) -> str:
    return audit.reason if isinstance(audit.reason, str) else ""
