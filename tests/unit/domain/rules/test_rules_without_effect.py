"""Rules without effect are warnings, and what is reported to have no effect has none."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from msgspec.structs import replace

from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.checks import contradictions
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Rules
from tests.unit.domain.rules.rule_findings import found
from tests.unit.domain.rules.rule_strategies import LABELS, RULES, SETS, SUBJECTS


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
            '[[when]]\nadd = ["x"]\nmetadata = { use = ["web", "Web", "web"] }',
            'when[1].metadata."use"[3]: found "web", which is when[1].metadata."use"[1] already, '
            "expected each name once",
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
            "[categories.Music]\nreview = 0.9\n[labels.A]\nthreshold = 0.8\n[[when]]\nset.threshold = 0.75",
            'categories."Music".review: found 0.9, above every threshold, so that no label is ever reviewed, '
            "expected at most 0.8, the highest threshold",
        ),
        (
            '[[when]]\nfolder = "a"\n[when.categories.Music]\nreview = 0.8',
            'when[1].categories."Music".review: found 0.8, above every threshold, so that no label is ever reviewed, '
            "expected at most 0.7, the highest threshold",
        ),
        (
            '[defaults]\nancestors = "drop"',
            'defaults.ancestors: found "drop", expected rekognition in defaults.providers, whose own answers alone '
            "name ancestors",
        ),
        (
            '[[when]]\nfolder = "zoo"\nset.ancestors = "imply"',
            'when[1].set.ancestors: found "imply", expected rekognition in defaults.providers, whose own answers alone '
            "name ancestors",
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
            "when[1]: found a block that changes nothing, expected one of set, labels, categories, add, skip",
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
            '[[when]]\ntags_any = ["a", "b"]\ntags_none = ["B"]\nadd = ["x"]',
            'when[1].tags_any[2]: found "b", which when[1].tags_none has too, expected each name in one of both',
        ),
        (
            '[[when]]\ntags_none = ["a,b"]\nadd = ["x"]',
            'when[1].tags_none[1]: found "a,b", expected a tag that an asset can have (no comma)',
        ),
        (
            '[[when]]\nfolder_not = "a//b"\nadd = ["x"]',
            'when[1].folder_not: found "a//b", which can never match, expected no empty folder name in it; '
            'did you mean "a/b"?',
        ),
        (
            '[[when]]\nresource_type = ["video", "raw"]\nadd = ["x"]',
            "when[1].resource_type: found video and raw, of which aws_rek_tagging returns no labels, "
            "expected a type of assets that a provider labels",
        ),
        (
            "[providers.google_tagging]\nthreshold = 0.8",
            'providers."google_tagging": found a rule for a provider that defaults.providers leaves out, '
            "expected one of aws_rek_tagging",
        ),
        (
            "[providers.aws_rek_tagging]",
            'providers."aws_rek_tagging": found a rule that says nothing, expected one of threshold',
        ),
        (
            '[[when]]\nfolder = "a?"\nadd = ["x"]',
            'when[1].folder: found "a?", in which ? stands for itself, expected no wildcards but * and **',
        ),
    ],
)
def test_what_has_no_effect_is_a_warning(text: str, sentence: str) -> None:
    assert found(text) == [f"warning: {sentence}"]


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
        is_idle = warning.found.startswith(idle) or "already" in warning.found or "above every" in warning.found
        if warning.severity == "warning" and is_idle:
            less = without(rules, warning.path)
            assert essence(decide(labels, subject, Ruleset(less, SETS))) == essence(
                decide(labels, subject, Ruleset(rules, SETS))
            )


def test_a_review_bar_above_every_threshold_switches_another_bar_off() -> None:
    assert found("[defaults]\nreview = 0.5\n[categories.Music]\nreview = 0.9") == []
    assert found("[categories.Music]\nreview = 0.9\n[categories.Art]\nreview = 0.6") == []


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_a_tag_that_is_said_to_be_denied_never_comes(
    labels: dict[str, list[Label]], rules: Rules, subject: Subject
) -> None:
    rules = replace(rules, defaults=replace(rules.defaults, deny=("guitar", "music")))
    for warning in contradictions(rules):
        if warning.expected == "a tag that is not denied" and "parents" in warning.path:
            less = without(rules, warning.path)
            assert essence(decide(labels, subject, Ruleset(less, SETS))) == essence(
                decide(labels, subject, Ruleset(rules, SETS))
            )
