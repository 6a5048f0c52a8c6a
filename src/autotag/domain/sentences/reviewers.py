"""Who answered in the review queue, or started a run: the name in an audit's reason, as people would say it."""

import re

from autotag.domain.model.audit import AnswerRecord, Audit

_ASSUMED = re.compile(r"arn:[\w-]+:sts::\d+:assumed-role/(?P<role>[^/]+)/(?P<session>.+)", re.DOTALL)
_USER = re.compile(r"arn:[\w-]+:iam::\d+:user/(?:.*/)?(?P<user>[^/]+)", re.DOTALL)
_ROOT = re.compile(r"arn:[\w-]+:(?:iam|sts)::(?P<account>\d+):root")
_ANSWERED = re.compile(r"(?:accepted|rejected|cleared|taken back) by (?P<by>.*?)(?:: |$)", re.DOTALL)
_UNDID = re.compile(r"(?P<by>.*?) undid (?P<what>.*)", re.DOTALL)
_EDITED = re.compile(r"a person \((?P<by>.*)\) changed the tags", re.DOTALL)


def short_name(by: str) -> str:
    """Return an IAM identity in short: a user's name, or a session's name with its role; another name stays whole.

    The role is part of it, since the person who assumes a role chooses the name of the session.
    Source: IAM reference, "IAM identifiers" (the forms of ARNs).
    """
    if match := _ASSUMED.fullmatch(by):
        return f"{match['session']} ({match['role']})"
    if match := _USER.fullmatch(by):
        return match["user"]
    if match := _ROOT.fullmatch(by):
        return f"the root user of account {match['account']}"
    return by


def reviewer_of(because: str) -> str:
    """Return the short name of the reviewer in a label's reason, such as ``accepted by NAME``; "" if it names none."""
    match = _ANSWERED.fullmatch(because)
    return short_name(match["by"]) if match and match.end("by") == len(because) else ""


def reviewer(audit: Audit) -> str:
    """Return the short name of the reviewer whose answers ``audit`` records, or "" if it is not known.

    If Cloudinary refused the tags, only the reasons of the labels still have the name.
    """
    reason = audit.reason if isinstance(audit.reason, str) else ""
    answers = audit.answers
    if isinstance(answers, AnswerRecord):
        for verb, tags in verbs(answers):
            begin, end = f"{verb} by ", f": {', '.join(tags)}"
            if tags and reason.startswith(begin) and end in reason:
                return short_name(reason[len(begin) : reason.index(end)])
    elif match := _ANSWERED.match(reason):
        return short_name(match["by"])
    return next((name for label in audit.labels if (name := reviewer_of(label.because))), "")


def verbs(answers: AnswerRecord) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the tags of each kind of answer, by the verb of an audit's reason."""
    return (
        ("accepted", answers.accept),
        ("rejected", answers.reject),
        ("cleared", answers.clear),
        ("taken back", answers.undo),
    )


def reverted_by(reason: str) -> tuple[str, str]:
    """Return the short name of the operator in the reason of a revert, and what the revert undid; "" if not known."""
    match = _UNDID.fullmatch(reason)
    return (short_name(match["by"]), match["what"]) if match else ("", "")


def editor(reason: str) -> str:
    """Return the id of the caller in the reason of a person's change, or "" if it names none."""
    match = _EDITED.fullmatch(reason)
    return match["by"] if match else ""
