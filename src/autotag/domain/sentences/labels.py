"""One sentence for each label of an audit: the tag that it became, or why it became none."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from msgspec import Struct

from autotag.domain.model.audit import Audit
from autotag.domain.model.labels import label_key
from autotag.domain.model.outcome import SUPPRESSED, LabelOutcome
from autotag.domain.sentences.label_clauses import (
    agreement_in,
    entry_of,
    first_path,
    giving_rule,
    label_at,
    other_label,
    paths_of,
    why_below,
    why_denied,
    why_dropped,
    why_implied,
    why_invalid,
    why_kept,
    why_not_agreed,
    why_over_max,
    why_translated,
)
from autotag.domain.sentences.numbers import confidence_text, moment_text, threshold_text
from autotag.domain.sentences.picture import PersonChange
from autotag.domain.sentences.reviewers import reviewer_of
from autotag.domain.sentences.sentence import Parts, Sentence, bold, parts, sentence


class LabelContext(Struct, frozen=True):
    """What a sentence can say besides the label's own outcome.

    ``written``: the tags were written, or were there. ``cap`` is the number of tags that the rules allow, if it was
    reached. ``removals`` are the times (ISO 8601) at which people removed tags, by the key of the tag. ``review`` is
    the review bar (0-1), if it is known.
    """

    written: bool = True
    cap: int | None = None
    removals: Mapping[str, str] = {}
    review: float | None = None


NO_CONTEXT = LabelContext()

_COUNTED = ("kept", "parent", "added")


def reached_cap(outcomes: Sequence[LabelOutcome]) -> int | None:
    """Return how many tags the rules allow, if the ``outcomes`` of an asset's labels show it; else None.

    They do not where tags are in several languages, which stay or go together: then there may be room left.
    """
    over = {(outcome.label, outcome.tag) for outcome in outcomes if outcome.outcome == "over_max"}
    several = len({label for label, _ in over}) < len(over) or any(
        outcome.outcome == "translated" for outcome in outcomes
    )
    if not over or several:
        return None
    return len({outcome.tag for outcome in outcomes if outcome.outcome in _COUNTED})


def explain_labels(audit: Audit, people: Mapping[str, PersonChange] | None = None) -> tuple[Sentence, ...]:
    """Return a sentence for each of the audit's labels, in their order; ``people`` are people's changes by tag."""
    removed = {
        label_key(tag): change.at
        for tag, change in (people or {}).items()
        if change.desired == "remove" and change.at <= audit.at
    }
    written = audit.mode != "dry_run" and audit.outcome in ("tagged", "unchanged")
    context = LabelContext(written, reached_cap(audit.labels), removed)
    return tuple(explain_label(outcome, context) for outcome in audit.labels)


def explain_label(outcome: LabelOutcome, context: LabelContext = NO_CONTEXT) -> Sentence:
    """Return a sentence that says which tag the label of ``outcome`` became, or why it became none."""
    rule, tag, label = first_path(outcome.because), bold(outcome.tag or outcome.label), bold(outcome.label)
    becomes, no = (" is a tag", " is no tag") if context.written else (" would be a tag", " would be no tag")
    match outcome.outcome:
        case "kept":
            again = " again" if outcome.because.startswith("taken back by ") else ""
            return sentence(tag, f"{becomes}{again} because ", why_kept(outcome), ".", rule=rule)
        case "parent" | "added":
            return sentence(tag, f"{becomes} because ", why_implied(outcome), ".", rule=rule)
        case "translated":
            return sentence(tag, f"{becomes} because ", why_translated(outcome), ".", rule=rule)
        case "merged":
            other, confidence = other_label(outcome.because)
            same = parts(bold(other), f" {confidence} gives the same tag, ", tag) if other else parts(outcome.because)
            return sentence(label_at(outcome), " gives no tag of its own because ", same, ".", rule=rule)
        case "given":
            return sentence(label_at(outcome), " raises no question because ", _giver(outcome), ".", rule=rule)
        case "review":
            return _in_review(outcome, rule, context.review)
        case "below_threshold":
            return sentence(label, f"{no} because ", why_below(outcome), ".", rule=rule)
        case "not_agreed":
            return sentence(_of_label(outcome), f"{no} because {why_not_agreed(outcome.because)}.", rule=rule)
        case "ancestor":
            return sentence(_of_label(outcome), f"{no} because ", why_dropped(outcome.because), ".", rule=rule)
        case "denied":
            return sentence(label, f"{no} because ", why_denied(outcome.because), ".", rule=rule)
        case "not_allowed":
            return sentence(label, f"{no} because the allow list of the rules does not hold it.", rule=rule)
        case "over_max":
            return sentence(_of_label(outcome), f"{no} because {why_over_max(outcome, context.cap)}.", rule=rule)
        case "suppressed":
            return sentence(_of_label(outcome), f"{no} because ", _removal(outcome, context.removals), ".", rule=rule)
        case "present":
            there = (
                " was on the picture already: a person, an upload or Cloudinary put it there. autotag leaves it alone."
            )
            return sentence(_of_label(outcome), there, rule=rule)
        case "invalid":
            name = label if outcome.label else f"An unnamed label ({entry_of(outcome.because) or 'no name'})"
            return sentence(name, f"{no} because {why_invalid(outcome.because)}.", rule=rule)
        case _:
            assert_never(outcome.outcome)


def _of_label(outcome: LabelOutcome) -> Parts:
    """Return the tag, with the label that gives it if that has another name."""
    if outcome.provider is None or outcome.tag in (None, outcome.label):
        return parts(bold(outcome.tag or outcome.label))
    return parts(bold(outcome.tag or ""), ", from ", label_at(outcome), ",")


def _giver(outcome: LabelOutcome) -> Parts:
    rule, (other, _) = giving_rule(outcome.because), other_label(outcome.because)
    if other:
        return parts(bold(other), " gives the tag ", bold(outcome.tag or ""), " already")
    return parts(rule.title if rule else "a rule", " gives the tag ", bold(outcome.tag or ""), " already")


def _in_review(outcome: LabelOutcome, rule: str, review: float | None) -> Sentence:
    tag = bold(outcome.tag or outcome.label)
    if name := reviewer_of(outcome.because):
        return sentence("A person is asked about ", tag, f" again because {name} took the answer back.", rule=rule)
    if agreement_in(outcome.because):
        why = why_not_agreed(outcome.because)
        return sentence("A person is asked about ", tag, f" because {why}.", rule=rule)
    number = confidence_text(outcome.confidence, outcome.threshold)
    label = parts("its confidence ", number) if outcome.tag == outcome.label else label_at(outcome)
    below = "" if outcome.threshold is None else f" is below the threshold of {threshold_text(outcome.threshold)}, but"
    path, _ = paths_of(outcome.because)
    if review is not None and review <= outcome.confidence and path:
        enough = f" reaches the {threshold_text(review)} from which {path.verb('asks', 'ask')} a person"
    else:
        enough = " high enough for review" if below else " is high enough for review"
    return sentence("A person is asked about ", tag, " because ", label, f"{below}{enough}.", rule=rule)


def _removal(outcome: LabelOutcome, removals: Mapping[str, str]) -> Parts:
    """Return who keeps a tag away, and since when, to follow "because"."""
    if name := reviewer_of(outcome.because):
        return parts(f"{name} rejected it")
    if outcome.because != SUPPRESSED:
        return parts(outcome.because)
    at = next((removals[key] for key in map(label_key, (outcome.tag or "", outcome.label)) if key in removals), "")
    removed = "a person removed it from this picture"
    if at:
        return parts(f"{removed} on {moment_text(at)}")
    return parts(removed, ", under this or another name" if outcome.tag != outcome.label else "")
