"""Whatever is decided, each label has a sentence that agrees with its outcome and with its numbers."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import example, given

from autotag.domain.decisions.decide import decide
from autotag.domain.model.audit import AuditHeader, RulesRef, TagChange, Trigger, new_audit
from autotag.domain.model.labels import Label, label_key
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Defaults, ProviderRule, Rules
from autotag.domain.sentences.labels import explain_labels
from autotag.domain.sentences.rule_path import parse_rule_path
from autotag.domain.sentences.sentence import Sentence
from tests.unit.domain.rules.rule_strategies import CROWDED, CROWDED_LABELS, LABELS, MET_SUBJECTS, RULES, SETS, SUBJECTS
from tests.unit.domain.sentences.plain_words import bold_names, checked
from tests.unit.domain.state.state_builders import REF, T0

_REACHES = re.compile(r" (?P<confidence>[\d.e-]+) reaches the (?P<threshold>[\d.e-]+) that ")
_BELOW = re.compile(
    r" (?P<confidence>[\d.e-]+) is below the (?:threshold of )?(?P<threshold>[\d.e-]+)(?: that |, but )"
)
_ANCESTOR_OF = re.compile(r"(?:rekognition's parents )?of \"(?P<descendant>.*?)\"(?:, and .* at [\d.e+-]+)?", re.DOTALL)

SAYS = {
    "kept": " is a tag because ",
    "parent": " is a tag because ",
    "translated": " is a tag because ",
    "added": " is a tag because ",
    "merged": " gives no tag of its own because ",
    "given": " raises no question because ",
    "review": "A person is asked about ",
    "below_threshold": " is no tag because its confidence ",
    "not_agreed": " is no tag because ",
    "ancestor": " is no tag because it is an ancestor of ",
    "denied": " is no tag because the deny list",
    "not_allowed": " is no tag because the allow list",
    "over_max": " is no tag because ",
    "suppressed": " is no tag because a person removed it",
    "present": " was on the picture already",
    "invalid": " is no tag because ",
}
TWO = {"rekognition": [Label("Guitar", 0.7), Label("Music", 0.9)]}
ANCESTOR = Subject(ancestors={"music": ("Guitar",)})


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
@example(labels=TWO, rules=Rules(defaults=Defaults(providers=("rekognition",), ancestors="drop")), subject=ANCESTOR)
@example(
    labels=TWO,
    rules=Rules(defaults=Defaults(providers=("rekognition",), ancestors="imply", threshold=0.8)),
    subject=ANCESTOR,
)
def test_any_decision_has_a_true_sentence_for_each_label(
    labels: Mapping[str, list[Label]], rules: Rules, subject: Subject
) -> None:
    explained(labels, rules, subject)


@given(labels=CROWDED_LABELS, rules=CROWDED, subject=MET_SUBJECTS)
@example(
    labels={name: [Label("Guitar", 0.6)] for name in ("google_tagging", "aws_rek_tagging")},
    rules=Rules(
        defaults=Defaults(threshold=0.5, max_tags=0, providers=("google_tagging", "aws_rek_tagging")),
        providers={"aws_rek_tagging": ProviderRule(threshold=0.5)},
    ),
    subject=Subject(),
)
def test_so_has_a_decision_in_which_labels_meet(
    labels: Mapping[str, list[Label]], rules: Rules, subject: Subject
) -> None:
    explained(labels, rules, subject)


def explained(labels: Mapping[str, list[Label]], rules: Rules, subject: Subject) -> None:
    """Check the sentences of a decision."""
    decision = decide(labels, subject, Ruleset(rules, SETS))
    audit = new_audit(
        AuditHeader("a1.1.x", T0, REF, Trigger("webhook", "upload", "", ""), RulesRef("acme", "5c679126faed")),
        outcome="tagged",
        tags=TagChange((), decision.tags, ()),
        labels=decision.labels,
    )
    sentences = explain_labels(audit)
    assert len(sentences) == len(decision.labels)
    for outcome, sentence in zip(decision.labels, sentences, strict=True):
        agrees(outcome, sentence, rules, subject)


def agrees(outcome: LabelOutcome, sentence: Sentence, rules: Rules, subject: Subject) -> None:
    """Check that a sentence agrees with the outcome, and that its key path is that of the rule."""
    text = checked(sentence)
    by_category = outcome.outcome == "denied" and 'categories."' in outcome.because
    assert (" denies it" if by_category else SAYS[outcome.outcome]) in text
    assert {outcome.tag, outcome.label} & {*bold_names(sentence)}
    asks_for_providers = sentence.rule.endswith(".agree")
    has_numbers = outcome.outcome in ("kept", "below_threshold", "review") and not asks_for_providers
    if has_numbers and outcome.threshold is not None:
        found = (_REACHES if outcome.outcome == "kept" else _BELOW).search(text)
        assert found is not None, text
        confidence, threshold = float(found["confidence"]), float(found["threshold"])
        assert threshold == outcome.threshold and abs(confidence - outcome.confidence) < 0.0001
        assert (confidence >= threshold) == (outcome.outcome == "kept")
    if sentence.rule:
        assert outcome.because.startswith(sentence.rule) or f" is given by {sentence.rule} already" in outcome.because
        value = at(sentence.rule, rules)
        if outcome.outcome in ("kept", "below_threshold"):
            assert value == outcome.threshold
        if asks_for_providers:
            assert f" for {value}." in text
        if outcome.outcome == "over_max":
            # tags in several languages may leave room under the cap
            assert (f" {value} tag" if value else " no tags") in text or (
                rules.translations and " no more tags" in text
            )
    elif named := _ANCESTOR_OF.fullmatch(outcome.because):
        assert outcome.outcome in ("ancestor", "parent")
        descendant = named["descendant"]
        assert (descendant in bold_names(sentence)) if outcome.outcome == "ancestor" else f" of {descendant}" in text
        assert label_key(outcome.label) in map(label_key, subject.ancestors[label_key(descendant)])
    elif outcome.outcome not in ("merged", "given", "suppressed", "present", "invalid"):
        raise AssertionError(f"no rule: {outcome}")


def at(path: str, rules: Rules) -> Any:
    """Return the value at a key path in the document of ``rules``."""
    place = parse_rule_path(path)
    assert place is not None
    value = msgspec.to_builtins(rules)
    for step in place.steps:
        value = value[step]
    return value
