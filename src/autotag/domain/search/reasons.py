"""Why an asset matches a query: a sentence for each term."""

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from autotag.domain.model.audit import iso
from autotag.domain.model.labels import label_key
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.search.match import Candidate
from autotag.domain.search.query import (
    ChangedByPerson,
    Condition,
    Confidences,
    Decided,
    DecidedBy,
    InFolder,
    InStatus,
    Labeled,
    Named,
    Query,
    Tagged,
)
from autotag.domain.sentences.labels import LabelContext, explain_label, reached_cap
from autotag.domain.sentences.numbers import confidence_text, threshold_text
from autotag.domain.sentences.people import explain_change
from autotag.domain.sentences.picture import PersonChange, Picture, PictureTags
from autotag.domain.sentences.rule_path import RulePath
from autotag.domain.sentences.sentence import Parts, Sentence, bold, parts, sentence
from autotag.domain.sentences.tags import explain_tags
from autotag.domain.state.asset_state import TagPreference

_SHOWN = 3
"""Sentences about one term at most."""

_GIVEN = ("kept", "parent", "added", "translated")


def reasons(query: Query, candidate: Candidate) -> tuple[Sentence, ...]:
    """Return the sentences that say why ``candidate``, which matches, fulfills each term."""
    found = [
        line
        for term in query.terms
        for line in ((_denial(term.condition),) if term.negated else _shown(_sentences(term.condition, candidate)))
    ]
    return tuple(dict.fromkeys(found))


def picture_of(candidate: Candidate) -> Picture:
    """Return what is known of the tags, for sentences."""
    asset = candidate.asset
    people = {each.tag: _change(each) for each in asset.preferences if not each.withdrawn}
    return Picture(PictureTags(asset.managed_tags, asset.user_tags, asset.review), people)


def _shown(sentences: list[Sentence]) -> list[Sentence]:
    more = len(sentences) - _SHOWN
    return [*sentences[:_SHOWN], *([sentence(f"{more:,} more like this.")] if more > 0 else [])]


def _sentences(condition: Condition, candidate: Candidate) -> list[Sentence]:
    asset = candidate.asset
    match condition:
        case Named(text):
            return [sentence("Its public_id holds ", bold(text), ".")]
        case Tagged(tag):
            return [_tag(each, candidate) for each in candidate.tags_like(tag)]
        case Labeled(_, confidences):
            return [
                sentence(
                    "Cloudinary found ", bold(each.name), f" with the confidence {confidence_text(each.confidence)}",
                    f", {_range(confidences)}." if str(confidences) else ".",
                )
                for each in candidate.labels_in(condition)
            ]  # fmt: skip
        case InFolder():
            folder = asset.subject().folder
            return [sentence("It is in the folder ", bold(folder), ".") if folder else sentence("It is in no folder.")]
        case InStatus(status):
            return [sentence("Its status is ", bold(_spaced(status)), ".")]
        case ChangedByPerson():
            return [explain_change(each.tag, _change(each)) for each in candidate.changes_by_people(condition)]
        case Decided():
            return _outcomes(candidate.outcomes_of(condition), candidate)
        case DecidedBy(place=place):
            skipped = candidate.is_skipped_by(condition)
            return [_skip(place, condition.path)] if skipped else _outcomes(candidate.outcomes_of(condition), candidate)
        case _:
            assert_never(condition)


def _tag(tag: str, candidate: Candidate) -> Sentence:
    """Return why a tag is on the asset, as far as its state and the active rules say it."""
    if tag not in candidate.asset.managed_tags:
        return explain_tags(picture_of(candidate))[tag]
    outcomes = candidate.decision.labels if candidate.decision else ()
    given = next((each for each in outcomes if each.tag == tag and each.outcome in _GIVEN), None)
    if given is not None:
        return explain_label(given)
    return sentence("autotag wrote ", bold(tag), ". The active rules would not give it now.")


def _outcomes(outcomes: Iterable[LabelOutcome], candidate: Candidate) -> list[Sentence]:
    decision = candidate.decision
    labels = decision.labels if decision else ()
    context = LabelContext(
        cap=reached_cap(labels),
        removals={label_key(each.tag): iso(each.at) for each in candidate.asset.preferences if each.want == "remove"},
    )
    return [explain_label(each, replace(context, written=_is_so(each, candidate))) for each in outcomes]


def _is_so(outcome: LabelOutcome, candidate: Candidate) -> bool:
    """Return whether the asset is as the active rules would have it: with the tag, or without."""
    return (outcome.outcome in _GIVEN) == ((outcome.tag or outcome.label) in candidate.asset.managed_tags)


def _skip(place: RulePath, path: str) -> Sentence:
    return sentence(f"{place.title[:1].upper()}{place.title[1:]} leaves it alone.", rule=path)


def _change(preference: TagPreference) -> PersonChange:
    return PersonChange(preference.want, iso(preference.at), preference.set_by_upload, preference.answer)


def _range(confidences: Confidences) -> str:
    low, high = threshold_text(confidences.low), threshold_text(confidences.high)
    from_, to = ("above" if confidences.above else "at least"), ("below" if confidences.below else "at most")
    limits = [f"{from_} {low}"] if confidences.above or confidences.low else []
    return " and ".join([*limits, *([f"{to} {high}"] if confidences.below or confidences.high != 1 else [])])


def _spaced(word: str) -> str:
    return word.replace("_", " ")


def _denial(condition: Condition) -> Sentence:
    """Return that a condition does not hold."""
    match condition:
        case Named(text):
            return sentence("Its public_id does not hold ", bold(text), ".")
        case Tagged(tag):
            return sentence("It does not have the tag ", bold(tag), ".")
        case Labeled(label, confidences):
            limits: Parts = parts(" with a confidence ", _range(confidences)) if str(confidences) else ()
            return sentence("Cloudinary did not find ", bold(label), limits, ".")
        case InFolder(glob):
            return sentence("It is not in the folder ", bold(glob), ".")
        case InStatus(status):
            return sentence("Its status is not ", bold(_spaced(status)), ".")
        case ChangedByPerson(want, tag):
            did = "added" if want == "add" else "removed"
            return sentence(f"No person {did} ", bold(tag) if tag else "a tag", ".")
        case Decided(outcome):
            return sentence("No label has the outcome ", bold(_spaced(outcome)), ".")
        case DecidedBy(path):
            return sentence("The rule ", bold(path), " decides nothing on it.")
        case _:
            assert_never(condition)
