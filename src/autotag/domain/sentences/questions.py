"""One sentence for each question to reviewers: why they are asked, or why the active rules no longer ask."""

import re
from typing import get_args

from autotag.domain.model.outcome import LabelOutcome, OutcomeKind
from autotag.domain.review.questions import Question
from autotag.domain.sentences.labels import LabelContext, explain_label
from autotag.domain.sentences.sentence import Sentence, bold, parts, sentence

_MOOT = re.compile(r"under the active rules: (?P<outcome>[a-z ]+), (?P<because>.*)", re.DOTALL)
_KINDS: dict[str, OutcomeKind] = {kind.replace("_", " "): kind for kind in get_args(OutcomeKind)}


def explain_question(question: Question) -> Sentence:
    """Return why a reviewer is asked about the tag of ``question``, by its most confident label."""
    context = LabelContext(review=question.review)
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
