"""One sentence for each question to reviewers: why they are asked, or why the active rules no longer ask."""

import re
from typing import get_args

from autotag.domain.model.outcome import LabelOutcome, OutcomeKind
from autotag.domain.review.questions import Question
from autotag.domain.sentences.labels import LabelContext, explain_label
from autotag.domain.sentences.numbers import confidence_text, threshold_text
from autotag.domain.sentences.sentence import Parts, Sentence, bold, parts, sentence

AT_RANDOM = "asked at random"
"""The mark of a question that autotag review sample asked."""

_MOOT = re.compile(r"under the active rules: (?P<outcome>[a-z ]+), (?P<because>.*)", re.DOTALL)
_KINDS: dict[str, OutcomeKind] = {kind.replace("_", " "): kind for kind in get_args(OutcomeKind)}


def explain_question(question: Question, *, is_there: bool = False) -> Sentence:
    """Return why a reviewer is asked about the tag of ``question``, by its most confident label.

    ``is_there``: the picture has the tag, so that a question at random is about whether it stays.
    """
    context = LabelContext(review=question.review)
    if question.sample:
        return _at_random(question, is_there)
    if question.asked and question.labels:
        return explain_label(_outcome(question, "review", question.because), context)
    over = parts("The rules that are active now do not ask about ", bold(question.tag))
    match = _MOOT.fullmatch(question.because)
    kind = _KINDS.get(match["outcome"]) if match else None
    if match is None or kind is None or not question.labels:
        return sentence(over, ": no label gives it.")
    why = explain_label(_outcome(question, kind, match["because"]), context)
    return sentence(over, ": ", why.parts, rule=why.rule)


def _outcome(question: Question, kind: OutcomeKind, because: str) -> LabelOutcome:
    best = question.labels[0]
    return LabelOutcome(best.label, best.provider, best.confidence, kind, question.tag, question.threshold, because)


def _at_random(question: Question, is_there: bool) -> Sentence:
    bar = "" if question.threshold is None else f": your rules tag from {threshold_text(question.threshold)}"
    there = " The picture has the tag already: accept confirms it, reject removes it." if is_there else ""
    if not question.labels:
        there = f" No label gives it by now.{there}"
    return sentence("Asked at random, to learn how often ", _labels(question), f"{bar}.{there}")


def _labels(question: Question) -> Parts:
    """Return what is to be learned about, with a verb and the confidences."""
    numbers = [confidence_text(each.confidence, question.threshold) for each in question.labels]
    match question.labels:
        case ():
            return parts(bold(question.tag), " is right")
        case (label,):
            return parts(bold(label.label), f" is right at {numbers[0]}")
    named = ", ".join(f"{each.label} {number}" for each, number in zip(question.labels, numbers, strict=True))
    return parts("the labels of ", bold(question.tag), f" are right ({named})")
