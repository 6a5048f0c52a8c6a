"""The clauses that give the reason of a label's outcome: why there is a tag, or why there is none."""

import re

from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.sentences.numbers import confidence_text, counted, threshold_text
from autotag.domain.sentences.reviewers import reviewer_of
from autotag.domain.sentences.rule_path import RulePath, parse_rule_path
from autotag.domain.sentences.sentence import Parts, bold, parts

_RAISED = re.compile(r"(?P<both>.*) at [\d.e+-]+", re.DOTALL)
_AND = ", and "
_MERGED = re.compile(r'"(?P<label>.*)" at (?P<confidence>[\d.e+-]+) gives the same tag', re.DOTALL)
_GIVEN = re.compile(r'".*?" is given by (?:"(?P<label>.*)"|(?P<path>.*)) already', re.DOTALL)
_AGREEMENT = re.compile(r"(?P<path>.*\.agree): (?P<number>\d+) of (?P<agree>\d+)", re.DOTALL)
_FAULT = re.compile(r"data\[(?P<list>\d+)\](?:\[(?P<item>\d+)\])?(?P<field>\.\w+)? ?(?P<fault>.*)", re.DOTALL)


def paths_of(because: str) -> tuple[RulePath | None, RulePath | None]:
    """Return the rule in a reason, and a second rule that gives the tag at a higher confidence; None if none is."""
    first, more = _split(because)
    return parse_rule_path(first), parse_rule_path(more)


def agreement_in(because: str) -> tuple[RulePath, int, int] | None:
    """Return the rule that asks for several providers, how many give the tag, and how many must; None if none does."""
    match = _AGREEMENT.fullmatch(because)
    rule = parse_rule_path(match["path"]) if match else None
    return (rule, int(match["number"]), int(match["agree"])) if match and rule and rule.key == "agree" else None


def why_not_agreed(because: str) -> str:
    """Return why too few providers give a tag, to follow "because"."""
    found = agreement_in(because)
    if found is None:
        return because
    rule, number, agree = found
    gives = "provider gives" if number == 1 else "providers give"
    return f"{number} {gives} it, and {rule.verb('asks', 'ask')} for {agree}"


def first_path(because: str) -> str:
    """Return the key path of the rule in a reason, or "" where it is none of the rules that decides."""
    given = _GIVEN.fullmatch(because)
    agreement = _AGREEMENT.fullmatch(because)
    path = (given["path"] or "") if given else agreement["path"] if agreement else _split(because)[0]
    rule = parse_rule_path(path)
    return "" if rule is None or rule.descendant else path


def _split(because: str) -> tuple[str, str]:
    """Return the two key paths in a reason, the second "" if there is one; names in them may hold any text."""
    match = _RAISED.fullmatch(because)
    pieces = match["both"].split(_AND) if match and parse_rule_path(because) is None else []
    halves = ((_AND.join(pieces[:i]), _AND.join(pieces[i:])) for i in range(1, len(pieces)))
    return next((both for both in halves if None not in map(parse_rule_path, both)), (because, ""))


def named(outcome: LabelOutcome) -> Parts:
    """Return the label with its confidence, or only the confidence of a label that the tag is spelled like."""
    number = confidence_text(outcome.confidence, outcome.threshold)
    return parts(f"its confidence {number}") if outcome.tag == outcome.label else label_at(outcome)


def label_at(outcome: LabelOutcome) -> Parts:
    """Return the label with its confidence."""
    return parts(bold(outcome.label), f" {confidence_text(outcome.confidence, outcome.threshold)}")


def why_kept(outcome: LabelOutcome) -> Parts:
    """Return why the label of ``outcome`` is a tag, to follow "because"."""
    rule, more = paths_of(outcome.because)
    if name := reviewer_of(outcome.because):
        verb = "accepted it" if outcome.because.startswith("accepted") else "took the rejection back"
        return parts(f"{name} {verb}")
    if rule is None or outcome.threshold is None:
        return parts(outcome.because)
    reaches = f" reaches the {threshold_text(outcome.threshold)} that {rule.verb('asks', 'ask')} for"
    too = f"; {more.title} {_implies(more) if more.descendant else 'gives it'} too" if more else ""
    return parts(named(outcome), reaches, *([too] if too else []))


def why_implied(outcome: LabelOutcome) -> Parts:
    """Return why a tag is there that only rules give, to follow "because"."""
    rule, more = paths_of(outcome.because)
    if rule is None:
        return parts(outcome.because)
    too = [f", and {more.title} {_implies(more)} too"] if more else []
    return parts(f"{rule.title} {_implies(rule)}", *too)


def why_translated(outcome: LabelOutcome) -> Parts:
    """Return why there is a tag in a further language than that of the rules, to follow "because"."""
    rule, more = paths_of(outcome.because)
    if rule is None or not rule.language:
        return parts(outcome.because)
    word = parts("it is the word for ", bold(rule.key), f" in the language {rule.language}")
    if outcome.threshold is not None:
        word = parts(word, ", and ", label_at(outcome), f" reaches {threshold_text(outcome.threshold)}")
    return parts(word, f"; {more.title} {_implies(more)} too") if more else word


def _implies(rule: RulePath) -> str:
    if rule.descendant:
        return f"gives it as an ancestor of {rule.descendant}"
    return "gives it as a parent" if rule.key == "parents" else "adds it"


def why_dropped(because: str) -> Parts:
    """Return why an ancestor is no tag, to follow "because"."""
    rule = parse_rule_path(because)
    if rule is None or not rule.descendant:
        return parts(because)
    return parts("it is an ancestor of ", bold(rule.descendant), ", and the rules drop ancestors")


def why_denied(because: str) -> Parts:
    """Return why a label is denied, to follow "because"."""
    rule = parse_rule_path(because)
    if rule is None or not rule.category:
        return parts("the deny list of the rules holds it or its tag")
    return parts(f"{rule.verb('denies', 'deny')} it")


def why_below(outcome: LabelOutcome) -> Parts:
    """Return why the confidence of a label is too low, to follow "because"."""
    number = confidence_text(outcome.confidence, outcome.threshold)
    rule, _ = paths_of(outcome.because)
    if outcome.threshold is None:
        return parts(f"its confidence {number} is too low")
    asks = f"the {threshold_text(outcome.threshold)} that {rule.verb('asks', 'ask')} for" if rule else "its threshold"
    return parts(f"its confidence {number} is below {asks}")


def other_label(because: str) -> tuple[str, str]:
    """Return the label that gives the tag of a merged or a given label, and its confidence as text, each "" if none."""
    if match := _MERGED.fullmatch(because):
        return match["label"], confidence_text(float(match["confidence"]))
    match = _GIVEN.fullmatch(because)
    return (match["label"] or "" if match else ""), ""


def giving_rule(because: str) -> RulePath | None:
    """Return the rule that gives the tag of a given label, or None if a label gives it."""
    match = _GIVEN.fullmatch(because)
    return paths_of(match["path"])[0] if match and match["path"] else None


def why_over_max(outcome: LabelOutcome, cap: int | None) -> str:
    """Return why the cap dropped a tag, to follow "because"; ``cap`` is the number of tags allowed, if known."""
    rule, _ = paths_of(outcome.because)
    allows = rule.verb("allows", "allow") if rule else "the rules allow"
    if cap is None:
        return f"others came first, and {allows} no more tags"
    if cap == 0:
        return f"{allows} no tags"
    others = "another one" if cap == 1 else f"{cap:,} others"
    return f"{allows} {counted(cap, 'tag')}, and {others} came first"


def why_invalid(because: str) -> str:
    """Return why an entry of Cloudinary's answer is no tag, to follow "because"."""
    match = _FAULT.fullmatch(because)
    if match is None:
        return because
    return {".confidence": f"its confidence {match['fault']}", ".tag": "it has no name"}.get(
        match["field"] or "", "it is not a label with a confidence"
    )


def entry_of(because: str) -> str:
    """Return which entry of Cloudinary's answer a fault is about, such as ``entry 3``, or ""."""
    match = _FAULT.fullmatch(because)
    if match is None:
        return ""
    if match["item"] is None:
        return f"entry {int(match['list']) + 1}"
    within = "" if match["list"] == "0" else f" of list {int(match['list']) + 1}"
    return f"entry {int(match['item']) + 1}{within}"
