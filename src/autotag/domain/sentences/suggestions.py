"""What came of learning from people about one label, in sentences: what is proposed, why not, and what is known.

And the command that asks people where too little is known.
"""

import shlex
from collections.abc import Sequence
from typing import assert_never

from autotag.domain.learning.decision import GAIN
from autotag.domain.learning.outcome import Interval, Moved, Outcome
from autotag.domain.learning.sampling import PER_LABEL
from autotag.domain.learning.suggestions import LabelSuggestion
from autotag.domain.learning.verdicts import Kind
from autotag.domain.sentences.numbers import counted, threshold_text
from autotag.domain.sentences.sentence import Parts, Sentence, bold, parts, sentence

ASK = "autotag review sample"
MOST = 4
"""Labels that one command names: with the default limits, people are asked about so many in a day."""


def explain_suggestion(found: LabelSuggestion) -> Sentence:
    """Return what is proposed for a label, or why nothing is."""
    label, now = bold(found.label), threshold_text(found.present)
    match found.why:
        case "proposed":
            new = threshold_text(found.proposed if found.proposed is not None else found.present)
            return sentence(label, f" should be a tag from {new} instead of {now}.")
        case "unwanted":
            return sentence(
                "People remove or reject ",
                label,
                " however high its confidence: it looks unwanted. Deny it in the rules?",
            )
        case "unasked":
            return sentence("Nobody was asked about ", label, f" below {now}: whether it is right there is not known.")
        case "thin":
            more = f"{found.missing:,} more {'is' if found.missing == 1 else 'are'} needed"
            number = counted(round(found.counted), "verdict")
            return sentence(f"{number} on ", label, f" {_are(round(found.counted))} too few: {more}.")
        case "fine":
            return sentence("The threshold of ", label, f", {now}, is right as far as is known.")
        case "unsure":
            return sentence(
                "Another threshold may be better for ",
                label,
                f" than {now}, but that is not sure: more answers would tell.",
            )
        case _:
            assert_never(found.why)


def labels_to_ask(found: Sequence[LabelSuggestion]) -> tuple[LabelSuggestion, ...]:
    """Return the labels about which answers would help, first those whose tags people add by hand most."""
    asked = [each for why in ("unasked", "unsure", "thin") for each in found if each.why == why]
    return tuple(sorted(asked, key=lambda each: -each.not_counted.get("only_right", 0)))


def asking_command(found: Sequence[LabelSuggestion]) -> str:
    """Return the command that asks about the first of ``labels_to_ask``, so that it does ask; "" if there is none.

    Without ``--per-label`` nothing more is asked about a label with as many answers as the default: such labels come
    last, and then the command asks for as many again.
    """
    answered = [(sum(each.said["sample"]), each.label) for each in labels_to_ask(found)]
    named = [(number, label) for number, label in answered if number < PER_LABEL] or answered
    if not named:
        return ""
    labels = "".join(f" --labels {shlex.quote(label)}" for _, label in named[:MOST])
    rounds = max(number for number, _ in named[:MOST]) // PER_LABEL + 1
    return f"{ASK}{labels}" + (f" --per-label {rounds * PER_LABEL}" if rounds > 1 else "")


def explain_outcome(label: str, outcome: Outcome) -> tuple[Sentence, ...]:
    """Return which tags of the library a proposed threshold adds and removes, and how many are expected to be right."""
    found = [_moved(moved, label, verb) for moved, verb in ((outcome.come, "come"), (outcome.go, "go")) if moved.tags]
    if not found:
        found.append(sentence("No tag of the library would come or go."))
    if outcome.precision_new is not None:
        found.append(sentence(*_precision(label, outcome)))
    return tuple(found)


def explain_verdicts(found: LabelSuggestion) -> Sentence:
    """Return what people said about a label, by how they said it, and what of it does not count."""
    pieces = []
    for kind, (right, wrong) in found.said.items():
        if right or wrong:
            pieces.append(_said(kind, right, wrong))
    said = f"People said: {'; '.join(pieces)}." if pieces else "No verdict counts."
    acts = round(found.counted)
    if pieces and acts < sum(map(sum, found.said.values())):
        said += f" They count as {acts:,}, since many of one act count as one, and edits little beside answers."
    below, alone = found.not_counted["only_right"], found.not_counted["alone"]
    if below:
        said += (
            f" {counted(below, 'tag')} added by hand {'does' if below == 1 else 'do'} not count: "
            "where nobody is asked, nobody could say that it is wrong."
        )
    if alone:
        said += (
            f" {counted(alone, 'removal')} {'does' if alone == 1 else 'do'} not count: "
            "no other tag was changed there, so nothing says that the others were right."
        )
    return sentence(said)


def _said(kind: Kind, right: int, wrong: int) -> str:
    whole = right + wrong
    match kind:
        case "sample":
            return f"{counted(whole, 'question')} at random: {right:,} right, {wrong:,} wrong"
        case "answer":
            return f"{counted(whole, 'other question')}: {right:,} right, {wrong:,} wrong"
        case "edit":
            return f"{counted(whole, 'change')} by hand: {right:,} added, {wrong:,} removed"
        case "left":
            return f"{counted(right, 'tag')} left while another was changed"
        case _:
            assert_never(kind)


def _moved(moved: Moved, label: str, verb: str) -> Sentence:
    number, right = counted(moved.tags, "tag"), moved.right
    bounds = f"{_whole(right.low)} to {_whole(right.high)}"
    if verb == "come":
        end = f" would come, of which about {_whole(right.expected)} are right ({bounds})."
    else:
        end = f" would go, of which about {_whole(right.expected)} were right ({bounds})."
    return sentence(f"{number} ", bold(label), end)


def _precision(label: str, outcome: Outcome) -> Parts:
    now = outcome.precision_old
    then = outcome.precision_new
    before = f" instead of {_share(now)} today" if now is not None else ""
    return parts("Of the tags ", bold(label), f", {_share(then)} would be right{before}.")


def _share(found: Interval | None) -> str:
    return "none" if found is None else f"{found.expected:.0%} ({found.low:.0%} to {found.high:.0%})"


def _whole(number: float) -> str:
    return f"{round(number):,}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


NOT_WORTH = f"{GAIN:.0%}"
"""The share of the errors that a proposal saves at least, in words."""
