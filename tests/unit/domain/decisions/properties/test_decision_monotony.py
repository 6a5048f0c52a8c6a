"""What stricter rules may not do: give a tag that looser ones would not, as long as no cap makes room for it.

Blocks that ask what is kept (``labels_any``) are left out: a stricter bar can switch such a block off, and its bar with
it.
"""

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.decisions.decide import decide
from autotag.domain.model.labels import Label, label_key
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import LabelRule, Rules
from tests.unit.domain.rules.rule_strategies import LABELS, RULES, SETS, SPELT, SUBJECTS, UNCAPPED

Labels = Mapping[str, Iterable[Label]]


def tags(labels: Labels, subject: Subject, rules: Rules) -> set[str]:
    return set(map(label_key, decide(labels, subject, Ruleset(rules, SETS)).tags))


def raised(rule: LabelRule, by: float) -> LabelRule:
    return rule if rule.threshold is None else replace(rule, threshold=min(1.0, rule.threshold + by))


@given(labels=LABELS, rules=UNCAPPED, subject=SUBJECTS, by=st.floats(0, 1))
def test_raising_labels_own_thresholds_never_adds_a_tag(
    labels: Labels, rules: Rules, subject: Subject, by: float
) -> None:
    stricter = replace(
        rules,
        labels={name: raised(rule, by) for name, rule in rules.labels.items()},
        when=tuple(
            replace(when, labels={name: raised(rule, by) for name, rule in when.labels.items()}) for when in rules.when
        ),
    )

    assert tags(labels, subject, stricter) <= tags(labels, subject, rules)


@given(labels=LABELS, rules=UNCAPPED, subject=SUBJECTS, by=st.floats(0, 1))
def test_raising_the_thresholds_of_blocks_never_adds_a_tag(
    labels: Labels, rules: Rules, subject: Subject, by: float
) -> None:
    stricter = replace(
        rules,
        when=tuple(
            when
            if when.set.threshold is None
            else replace(when, set=replace(when.set, threshold=min(1.0, when.set.threshold + by)))
            for when in rules.when
        ),
    )

    assert tags(labels, subject, stricter) <= tags(labels, subject, rules)


@given(labels=LABELS, rules=UNCAPPED, subject=SUBJECTS, name=SPELT)
def test_denying_more_never_adds_a_tag(labels: Labels, rules: Rules, subject: Subject, name: str) -> None:
    stricter = replace(rules, defaults=replace(rules.defaults, deny=(*rules.defaults.deny, name)))

    assert tags(labels, subject, stricter) <= tags(labels, subject, rules)


@given(labels=LABELS, rules=UNCAPPED, subject=SUBJECTS, kept=st.integers(0, 6))
def test_a_lower_cap_keeps_the_first_of_the_same_tags(
    labels: Labels, rules: Rules, subject: Subject, kept: int
) -> None:
    capped = replace(rules, defaults=replace(rules.defaults, max_tags=kept))

    few, all_ = decide(labels, subject, Ruleset(capped, SETS)), decide(labels, subject, Ruleset(rules, SETS))

    assert few.present == all_.present
    machine = [tag for tag in all_.tags if tag not in all_.present]
    fit = [tag for tag in few.tags if tag not in few.present]
    assert fit == machine[: len(fit)] and len(fit) <= kept
    assert few.tags == tuple(tag for tag in all_.tags if tag in {*fit, *all_.present})
    if not all_.several:  # a tag whose languages do not all fit is left out as a whole
        assert len(fit) == min(kept, len(machine))


@given(labels=LABELS, rules=RULES, subject=SUBJECTS, data=st.data())
def test_a_person_who_removes_a_tag_is_obeyed_and_no_machine_tag_of_that_name_is_left(
    labels: Labels, rules: Rules, subject: Subject, data: st.DataObject
) -> None:
    before = decide(labels, subject, Ruleset(rules, SETS)).tags
    removed = data.draw(st.sampled_from(before)) if before else "guitar"

    after = replace(subject, suppressed=subject.suppressed | {label_key(removed)})

    assert label_key(removed) not in tags(labels, after, rules)
