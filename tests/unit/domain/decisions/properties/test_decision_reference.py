"""The engine and a second, simple implementation of docs/rules.md come to the same decisions."""

from collections import Counter
from collections.abc import Iterable, Mapping

from hypothesis import given, settings
from msgspec.structs import replace

from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Rules
from tests.unit.domain.decisions.properties.reference_decision import decide_by_the_book
from tests.unit.domain.decisions.properties.reference_tags import Verdict
from tests.unit.domain.rules.rule_strategies import CROWDED, CROWDED_LABELS, LABELS, MET_SUBJECTS, RULES, SETS, SUBJECTS

Labels = Mapping[str, Iterable[Label]]


def agree(labels: Labels, rules: Rules, subject: Subject) -> None:
    """Fail where the two decide otherwise."""
    decision = decide(labels, subject, Ruleset(rules, SETS))

    assert decide_by_the_book(labels, subject, rules) == Verdict(
        tags=decision.tags,
        present=decision.present,
        stands=tuple(frozenset(decision.sources[tag]) for tag in decision.tags),
        review=decision.review,
        outcomes=frozenset((each.label, each.provider, each.outcome, each.tag) for each in decision.labels),
        mode=decision.mode,
        skip=bool(decision.skip),
    )


@settings(max_examples=300)
@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_two_implementations_agree(labels: Labels, rules: Rules, subject: Subject) -> None:
    agree(labels, rules, subject)


@given(labels=CROWDED_LABELS, rules=CROWDED, subject=MET_SUBJECTS)
def test_two_implementations_agree_where_labels_rules_and_people_meet_in_a_few_tags(
    labels: Labels, rules: Rules, subject: Subject
) -> None:
    agree(labels, rules, subject)


def seen(decision: Decision) -> tuple[object, ...]:
    """Return what a decision says, but not which of several providers with the same label it names."""
    outcomes = Counter((each.label, each.confidence, each.outcome, each.tag) for each in decision.labels)
    return decision.tags, decision.present, decision.review, decision.skip, outcomes


@settings(max_examples=100)
@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_neither_the_order_of_labels_nor_that_of_providers_matters(
    labels: Labels, rules: Rules, subject: Subject
) -> None:
    decision = decide(labels, subject, Ruleset(rules, SETS))
    turned = {provider: list(labels[provider])[::-1] for provider in reversed(list(labels))}
    assert decide(turned, subject, Ruleset(rules, SETS)) == decision

    other = replace(rules, defaults=replace(rules.defaults, providers=rules.defaults.providers[::-1]))
    assert seen(decide(labels, subject, Ruleset(other, SETS))) == seen(decision)
