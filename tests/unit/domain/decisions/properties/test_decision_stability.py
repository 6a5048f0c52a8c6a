"""Once a decision is carried out, deciding again changes nothing; and everything has one fate."""

from collections import Counter
from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.decisions.decide import decide
from autotag.domain.decisions.evaluate import TagPlan, evaluate, plan_tags
from autotag.domain.model.asset import Facts
from autotag.domain.model.audit import Inputs
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Rules
from tests.unit.domain.rules.rule_strategies import LABELS, RULES, SETS, SUBJECTS

Labels = Mapping[str, Iterable[Label]]
ADOPTING = st.builds(
    lambda rules, how: replace(rules, defaults=replace(rules.defaults, auto_tagged=how)),
    RULES,
    st.sampled_from(["leave", "adopt"]),
)


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_deciding_on_what_was_decided_decides_the_same(labels: Labels, rules: Rules, subject: Subject) -> None:
    ruleset = Ruleset(rules, SETS)
    first = decide(labels, subject, ruleset)

    applied = replace(subject, managed_tags=frozenset(first.tags) - frozenset(first.present))

    assert decide(labels, applied, ruleset) == first


def inputs(labels: Labels, rules: Rules, subject: Subject) -> Inputs:
    """Return what a decision on an asset is made from; a tag is a person's or managed, never both."""
    found = {provider: Categorization("complete", tuple(given)) for provider, given in labels.items()}
    return Inputs(
        resource_type=subject.resource_type,
        facts=Facts(subject.folder, subject.format, subject.context, subject.user_tags, 1, dict(subject.metadata)),
        categorizations={name: found[name] for name in rules.defaults.providers if name in found},
        managed_tags=tuple(sorted(subject.managed_tags)),
        user_tags=tuple(tag for tag in dict.fromkeys(subject.user_tags) if tag not in subject.managed_tags),
        suppressed=tuple(sorted(subject.suppressed)),
    )


def decided(given: Inputs, ruleset: Ruleset) -> TagPlan:
    return plan_tags(evaluate(given, ruleset), given, ruleset)


def carried_out(given: Inputs, done: TagPlan) -> Inputs:
    """Return the inputs after the tags of ``done`` are written."""
    on_it = (
        *(tag for tag in (*given.user_tags, *given.managed_tags) if tag not in done.tags.removed),
        *done.tags.added,
    )
    managed_tags = tuple(given.managed_tags if done.managed_tags is None else done.managed_tags)
    return replace(
        given,
        managed_tags=managed_tags,
        user_tags=tuple(tag for tag in dict.fromkeys(on_it) if tag not in managed_tags),
    )


@given(labels=LABELS, rules=ADOPTING, subject=SUBJECTS)
def test_deciding_after_the_tags_are_written_writes_nothing(labels: Labels, rules: Rules, subject: Subject) -> None:
    ruleset = Ruleset(rules, SETS)
    before = inputs(labels, rules, subject)
    first = decided(before, ruleset)
    if first.mode == "dry_run":
        assert first.outcome in ("unchanged", "skipped")
        return

    second = decided(carried_out(before, first), ruleset)

    assert (second.tags.added, second.tags.removed) == ((), ())
    assert second.outcome == ("skipped" if first.outcome == "skipped" else "unchanged")
    assert second.tags.review == first.tags.review


@given(labels=LABELS, rules=ADOPTING, subject=SUBJECTS)
def test_nobody_elses_tag_is_removed_and_no_tag_is_both_added_and_removed(
    labels: Labels, rules: Rules, subject: Subject
) -> None:
    given = inputs(labels, rules, subject)
    done = decided(given, Ruleset(rules, SETS))

    names = {label_key(label.name) for found in given.categorizations.values() for label in found.labels}
    adopted = (
        {tag for tag in given.user_tags if label_key(tag) in names} if rules.defaults.auto_tagged == "adopt" else set()
    )
    assert set(done.tags.removed) <= {*given.managed_tags, *adopted}
    assert set(done.tags.added).isdisjoint(done.tags.removed)


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_every_tag_has_one_fate(labels: Labels, rules: Rules, subject: Subject) -> None:
    decision = decide(labels, subject, Ruleset(rules, SETS))

    implied = Counter(label_key(explained.tag or "") for explained in decision.labels if explained.provider is None)
    assert set(implied.values()) <= {1}
    staying = ("kept", "parent", "added", "translated")
    stands = Counter(explained.tag for explained in decision.labels if explained.outcome in staying)
    assert stands == Counter(tag for tag in decision.tags if tag not in decision.present)
