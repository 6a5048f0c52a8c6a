"""The audit of a reviewer's answers in the review queue, and of answers that were taken back."""

from collections.abc import Iterable

from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.model.audit import AnswerRecord, Audit, AuditHeader, TagChange, audit_id, iso, new_audit, trigger_of
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import ReviewAnswered
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.review.answers import Answers, outcome_of
from autotag.domain.review.questions import questions
from autotag.domain.review.waiting import asked_since, asked_tags
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.tag_ownership import known_tags

UNIQUE = 12
"""Number of characters of the message's digest at the end of the audit's id."""


def record_of(
    state: AssetState, known: AssetState, message: ReviewAnswered, answers: Answers, ruleset: Ruleset
) -> Audit:
    """Return the audit of the answers that turn ``state`` into ``known``, with the calls that they lead to.

    Its id depends on the message alone, so a message that arrives twice is recorded once.
    """
    managed_tags = {label_key(tag): tag for tag in state.managed_tags}
    rejected = tuple(managed_tags[key] for key in map(label_key, answers.reject) if key in managed_tags)
    added = (*answers.accept, *(tag for taken in answers.undo for tag in taken.add))
    removed = (*rejected, *(tag for taken in answers.undo for tag in taken.remove))
    undone = tuple(taken.tag for taken in answers.undo)
    did = (
        ("accepted", answers.accept),
        ("rejected", answers.reject),
        ("cleared", answers.clear),
        ("taken back", undone),
    )
    review = outcome_of(known, answers).review
    identifier = audit_id(state.asset.asset_id, message.observed_at, message.source.digest[:UNIQUE])
    trigger = trigger_of("review", message.source)
    audit = new_audit(
        AuditHeader(identifier, message.observed_at, state.asset, trigger, ruleset.ref),
        outcome="tagged" if added or removed else "unchanged",
        tags=TagChange(before=known_tags(state), added=added, removed=removed, review=review),
        labels=tuple(_outcomes(state, known, answers, message.by, ruleset)),
        reason="; ".join(f"{verb} by {message.by}: {', '.join(tags)}" for verb, tags in did if tags),
    )
    return replace(
        audit,
        answers=AnswerRecord(
            answers.accept,
            answers.reject,
            answers.clear,
            undone,
            iso(asked_since(state)) if asked_tags(state) else "",
            tuple(managed_tags[key] for key in map(label_key, answers.accept) if key in managed_tags),
        ),
        undid=answers.undo[0].of if answers.undo else UNSET,
    )


def _outcomes(
    state: AssetState, known: AssetState, answers: Answers, by: str, ruleset: Ruleset
) -> Iterable[LabelOutcome]:
    asked = questions(state, ruleset).outcomes
    for tag in answers.accept:
        for each in asked[label_key(tag)]:
            yield replace(each, outcome="kept", tag=tag, because=f"accepted by {by}")
    for tag in answers.reject:
        for each in asked[label_key(tag)]:
            yield replace(each, outcome="suppressed", tag=tag, because=f"rejected by {by}")
    if not answers.undo:
        return
    again = questions(replace(known, review=tuple(taken.tag for taken in answers.undo)), ruleset).outcomes
    for taken in answers.undo:
        for each in again[label_key(taken.tag)]:
            outcome = "review" if taken.asked else "kept"
            yield replace(each, outcome=outcome, tag=taken.tag, because=f"taken back by {by}")
