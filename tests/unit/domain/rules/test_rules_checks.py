"""Semantic checks: contradictions of rules that pass the schema are errors; rules without effect are warnings."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from msgspec.structs import replace

from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.checks import contradictions
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.parse import examine
from autotag.domain.rules.schema import Rules
from tests.unit.domain.rules.rule_strategies import LABELS, RULES, SUBJECTS

LONG = "x" * 250


def found(text: str) -> list[str]:
    examined = examine(text)
    return [fault.sentence for fault in examined.errors] + [f"warning: {w.sentence}" for w in examined.warnings]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[defaults]\ndeny = ["Cat", "Human"]\nallow = ["Dog", "HUMAN"]',
            'defaults.allow[2]: found "HUMAN", which defaults.deny[2] denies, expected a label that is not denied',
        ),
        (
            "[defaults]\nthreshold = 0.7\nreview = 0.8",
            "defaults.review: found 0.8, expected at most defaults.threshold, which is 0.7",
        ),
        (
            "[[when]]\nset = { threshold = 0.5, review = 0.6 }\n[[when]]\nset.threshold = 0.9",
            "when[1].set.review: found 0.6, expected at most when[1].set.threshold, which is 0.5",
        ),
        (
            "[[when]]\nset.review = 0.95\n[[when]]\nset.threshold = 0.9",
            "when[1].set.review: found 0.95, expected at most 0.9, the highest threshold",
        ),
        (
            '[labels.A]\nparents = ["b"]\n[labels.B]\nparents = ["C"]\n[labels.c]\nparents = ["A"]',
            'labels."A".parents: found a cycle: "A" → "B" → "c" → "A", expected parents that lead back to no label',
        ),
        (
            '[labels.A]\nparents = ["a"]',
            'labels."A".parents: found a cycle: "A" → "A", expected parents that lead back to no label',
        ),
        (
            '[labels.A]\nparents = ["B"]\n[[when]]\nadd = ["x"]\n[[when]]\nlabels.B.parents = ["A"]',
            'when[2].labels."B".parents: found a cycle: "B" → "A" → "B", expected parents that lead back to no label',
        ),
        (
            "[labels.Guitar]\npriority = 1\n[labels.GUITAR]\npriority = 2",
            'labels."GUITAR": found another spelling of "Guitar", expected one table for each label',
        ),
        (
            '[[when]]\nlabels = { "Caf\\u00e9".priority = 1, "Cafe\\u0301".priority = 2 }',
            'when[1].labels."Cafe\u0301": found another spelling of "Café", expected one table for each label',
        ),
        (
            f'[defaults]\nprefix = "auto:."\n[labels.A]\ntag = "{LONG}"',
            'labels."A".tag: found 256 characters together with defaults.prefix "auto:.", expected at most 255',
        ),
        (
            f'[[when]]\nset.prefix = "auto:."\nadd = ["{LONG}"]',
            'when[1].add[1]: found 256 characters together with when[1].set.prefix "auto:.", expected at most 255',
        ),
        (
            f'[[when]]\nset.prefix = "auto:."\nlabels.A.parents = ["{LONG}"]',
            'when[1].labels."A".parents[1]: found 256 characters together with when[1].set.prefix "auto:.", '
            "expected at most 255",
        ),
        (
            '[[when]]\nfolder = "a//b/"\nskip = true',
            'when[1].folder: found "a//b/", which can never match, expected no empty folder name in it; '
            'did you mean "a/b"?',
        ),
        (
            '[[when]]\ntags_any = ["a,b", "c,d"]\nskip = true',
            "when[1].tags_any: found a block that can never match, expected a tag that an asset can have (no comma)",
        ),
    ],
)
def test_what_nobody_can_mean_is_a_fault(text: str, sentence: str) -> None:
    assert found(text) == [sentence]
    assert examine(text).rules is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[defaults]\ndeny = ["Human", "Cat", "human"]',
            'defaults.deny[3]: found "human", which is defaults.deny[1] already, expected each name once',
        ),
        (
            '[defaults]\nallow = ["A", "\\uff21"]',
            'defaults.allow[2]: found "\uff21", which is defaults.allow[1] already, expected each name once',
        ),
        (
            '[defaults]\nproviders = ["google_tagging", "google_tagging"]',
            'defaults.providers[2]: found "google_tagging", which is defaults.providers[1] already, '
            "expected each name once",
        ),
        (
            '[labels.A]\nparents = ["b", "B"]',
            'labels."A".parents[2]: found "B", which is labels."A".parents[1] already, expected each name once',
        ),
        (
            '[[when]]\nformat = [".JPG", "jpg"]\nskip = true\n[[when]]\nadd = ["x"]',
            'when[1].format[2]: found "jpg", which is when[1].format[1] already, expected each name once',
        ),
        (
            '[[when]]\nadd = ["x", "y", "X"]',
            'when[1].add[3]: found "X", which is when[1].add[1] already, expected each name once',
        ),
        (
            '[[when]]\nname = "a"\nadd = ["x"]\n[[when]]\nadd = ["y"]\n[[when]]\nname = "a"\nadd = ["z"]',
            "when[3].name: found the name of when[1] again, expected a name of its own",
        ),
        (
            '[defaults]\ndeny = ["Person"]\n[[when]]\nlabels = { person = { threshold = 0.99 } }',
            'when[1].labels."person": found a rule for a label that defaults.deny[1] denies, expected no such rule',
        ),
        (
            '[defaults]\nallow = ["Dog"]\n[labels.Cat]\nthreshold = 0.9',
            'labels."Cat": found a rule for a label that defaults.allow leaves out, expected no such rule',
        ),
        (
            '[defaults]\ndeny = ["animal"]\n[labels.Cat]\ntag = "Animal"',
            'labels."Cat".tag: found "Animal", which defaults.deny[1] denies, expected a tag that is not denied',
        ),
        (
            '[defaults]\ndeny = ["auto:x"]\nprefix = "auto:"\n[[when]]\nadd = ["x"]',
            'when[1].add[1]: found "x", which defaults.deny[1] denies, expected a tag that is not denied',
        ),
        (
            '[defaults]\ndeny = ["animal"]\n[labels.Cat]\nparents = ["Animal"]',
            'labels."Cat".parents[1]: found "Animal", which defaults.deny[1] denies, expected a tag that is not denied',
        ),
        (
            "[defaults]\nreview = 0.5\n[[when]]\nset.threshold = 0.4",
            "when[1].set.threshold: found 0.4, below defaults.review, so that no label is ever reviewed, "
            "expected at least 0.5, or a lower review beside it",
        ),
        (
            "[labels.A]",
            'labels."A": found a rule that says nothing, expected one of threshold, tag, parents, priority',
        ),
        (
            '[labels."A, B"]\nthreshold = 0.5',
            'labels."A, B": found a label that holds a comma and no tag, expected a label that can become a tag',
        ),
        (
            '[labels."A\\u200B"]\nthreshold = 0.5',
            'labels."A\u200b": found a label that holds U+200B and no tag, expected a label that can become a tag',
        ),
        (
            '[defaults]\ndeny = ["A, B"]',
            'defaults.deny[1]: found "A, B", which holds a comma, expected a label that can become a tag',
        ),
        (
            '[[when]]\nname = "a"\nfolder = "b"',
            "when[1]: found a block that changes nothing, expected one of set, labels, add, skip",
        ),
        (
            "[[when]]\nskip = true",
            "when[1].skip: found true without a condition, so that no asset is ever tagged, expected a condition",
        ),
        (
            '[[when]]\nfolder = "a"\nadd = ["x"]\n[[when]]\nfolder = "a"\nskip = true',
            "when[1]: found changes to assets that when[2].skip leaves alone, expected a block for other assets",
        ),
        (
            '[[when]]\ntags_any = ["a,b", "c"]\nadd = ["x"]',
            'when[1].tags_any[1]: found "a,b", expected a tag that an asset can have (no comma)',
        ),
        (
            '[[when]]\nfolder = "a?"\nadd = ["x"]',
            'when[1].folder: found "a?", in which ? stands for itself, expected no wildcards but * and **',
        ),
    ],
)
def test_what_has_no_effect_is_a_warning(text: str, sentence: str) -> None:
    assert found(text) == [f"warning: {sentence}"]


def test_a_label_that_is_no_tag_may_be_given_one_and_be_denied_then() -> None:
    block = '[[when]]\nfolder = "x"\nlabels = { "C, D" = { tag = "c" } }'
    text = f'[defaults]\ndeny = ["C, D"]\n[labels."A, B"]\ntag = "a"\n{block}'
    assert not [sentence for sentence in found(text) if "comma" in sentence]
    assert examine(text).rules is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[defaults]\nthreshold = 0.7\nreview = 0.7",
        "[defaults]\nreview = 0.5\n[labels.A]\nthreshold = 0.4",  # this label needs no review
        "[[when]]\nset.review = 0.8\n[[when]]\nset.threshold = 0.9",  # both may match
        "[defaults]\nreview = 0.5\n[[when]]\nset.threshold = 0.4\n[[when]]\nset.review = 0.3",
        '[labels.A]\nparents = ["B"]\n[labels.B]\nparents = ["C"]\n[labels.D]\nparents = ["B", "C"]',
        '[labels.A]\nparents = ["B"]\n[[when]]\nlabels.A.parents = []\nlabels.B.parents = ["A"]',
        '[defaults]\ndeny = ["B"]\n[labels.A]\nparents = ["B"]\n[labels.B]\nparents = ["C"]',  # the chain goes on
        '[defaults]\ndeny = ["A"]\n[labels.A]\nthreshold = 0.9\n[[when]]\nlabels_any = ["A"]\nadd = ["x"]',
        '[defaults]\nallow = ["A"]\n[labels.A]\nparents = ["B"]\n[labels.B]\npriority = 2',
        '[[when]]\nfolder = ""\nadd = ["x"]\n[[when]]\nfolder = "/"\nadd = ["y"]',
        f'[defaults]\nprefix = "auto:"\n[labels.A]\ntag = "{LONG}"',
        '[[when]]\nfolder = "a"\nadd = ["x"]\n[[when]]\nfolder = "b"\nskip = true',
        '[[when]]\nlabels_any = ["A"]\nset.threshold = 0.9\n[[when]]\nlabels_any = ["A"]\nskip = true',
    ],
)
def test_what_makes_sense_is_not_complained_of(text: str) -> None:
    assert found(text) == []


def test_every_cycle_is_told_once_and_a_long_one_in_short() -> None:
    text = "".join(f'[labels.a{i}]\nparents = ["a{(i + 1) % 100}", "b"]\n' for i in range(100))
    text += '[labels.b]\nparents = ["b"]\n'
    (long, short) = found(text)
    assert '"a0" → "a1" → "a2" → ... → "a98" → "a99" → "a0"' in long and '"b" → "b"' in short


def without(rules: Rules, steps: tuple[str | int, ...]) -> Rules:
    """Return ``rules`` without what ``steps`` lead to; of a block, only what it changes."""
    document: Any = msgspec.json.decode(msgspec.json.encode(rules))
    place = document
    for step in steps[:-1]:
        place = place[step]
    if steps[:-1] == ("when",):
        place[steps[-1]] |= {"set": {}, "labels": {}, "add": []}
    else:
        del place[steps[-1]]
    return msgspec.convert(document, Rules)


def essence(decision: Decision) -> tuple[object, ...]:
    """Return what a decision does, but for which sources a tag has and why."""
    return (decision.tags, decision.present, decision.review, bool(decision.skip))


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_what_is_said_to_have_no_effect_has_none(
    labels: dict[str, list[Label]], rules: Rules, subject: Subject
) -> None:
    idle = ("a rule", "changes to", "a block that changes nothing")
    for warning in contradictions(rules):
        if warning.severity == "warning" and (warning.found.startswith(idle) or "already" in warning.found):
            less = without(rules, warning.path)
            assert essence(decide(labels, subject, Ruleset(less))) == essence(decide(labels, subject, Ruleset(rules)))


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_a_tag_that_is_said_to_be_denied_never_comes(
    labels: dict[str, list[Label]], rules: Rules, subject: Subject
) -> None:
    rules = replace(rules, defaults=replace(rules.defaults, deny=("guitar", "music")))
    for warning in contradictions(rules):
        if warning.expected == "a tag that is not denied" and "parents" in warning.path:
            less = without(rules, warning.path)
            assert essence(decide(labels, subject, Ruleset(less))) == essence(decide(labels, subject, Ruleset(rules)))
