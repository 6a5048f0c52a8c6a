"""Sentences about what people did to the tags of an asset."""

from collections.abc import Iterable

from autotag.domain.model.audit import Audit
from autotag.domain.model.labels import label_key
from autotag.domain.sentences.numbers import moment_text
from autotag.domain.sentences.picture import PersonChange, Picture
from autotag.domain.sentences.reviewers import reviewer
from autotag.domain.sentences.sentence import Sentence, bold, sentence


def explain_people(picture: Picture, audits: Iterable[Audit] = ()) -> tuple[Sentence, ...]:
    """Return a sentence for each change of a tag by a person, the latest first.

    ``audits`` of the asset, as far as they are known, have the names of reviewers.
    """
    known = {audit.audit_id: audit for audit in audits}
    latest = sorted(picture.people.items(), key=lambda item: item[1].at, reverse=True)
    return tuple(explain_change(tag, change, known.get(change.answer)) for tag, change in latest)


def explain_change(tag: str, change: PersonChange, answer: Audit | None = None) -> Sentence:
    """Return a sentence about one change; ``answer`` is the audit of the review answer that it was, if known."""
    who, verb = _who_did_what(change, answer)
    return sentence(f"{who} {verb} ", bold(tag), f" on {moment_text(change.at)}.")


def change_of(picture: Picture, tag: str) -> PersonChange | None:
    """Return the last change of ``tag`` by a person, in whatever spelling."""
    key = label_key(tag)
    return next((change for name, change in picture.people.items() if label_key(name) == key), None)


def _who_did_what(change: PersonChange, answer: Audit | None) -> tuple[str, str]:
    added = change.desired == "add"
    if change.answer:
        name = (reviewer(answer) if answer else "") or "A reviewer"
        return name, "accepted" if added else "rejected"
    if change.by_upload:
        return "An upload", "set" if added else "removed"
    return "A person", "added" if added else "removed"
