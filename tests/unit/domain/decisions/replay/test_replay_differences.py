"""What a replay reports where the record, the rules or the engine differ."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from autotag import ENGINE_VERSION
from autotag.domain.decisions.replay import replay
from autotag.domain.model.audit import Audit
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from tests.unit.domain.decisions.replay.replay_stories import records, tagged


def test_other_rules_are_told_label_by_label() -> None:
    (audit,) = records("", tagged)
    *differences, last = replay(audit, Ruleset(parse_rules("[defaults]\nthreshold = 0.9")))
    assert differences[0] == "tags added: recorded People, Person, Electric Guitar, Guitar, now People, Person"
    assert [sentence.split(":")[0] for sentence in differences[1:]] == [
        f'label "{label}" of aws_rek_tagging' for label in ("People", "Person", "Electric Guitar", "Guitar")
    ]
    assert differences[-1].endswith(
        'recorded kept as "Guitar" (0.7046, threshold 0.7, defaults.threshold), '
        "now below_threshold (0.7046, threshold 0.9, defaults.threshold)"
    )
    assert last.startswith('label "Musician"') and "now below_threshold (0.5754, threshold 0.9" in last


Forge = Callable[[Audit], Audit]


@pytest.mark.parametrize(
    ("forged", "sentence"),
    [
        (lambda a: replace(a, outcome="unchanged"), "outcome: recorded unchanged, now tagged"),
        (lambda a: replace(a, mode="dry_run"), "mode: recorded dry_run, now apply"),
        (lambda a: replace(a, reason="because"), "reason: recorded because, now none"),
        (lambda a: replace(a, tags=replace(a.tags, before=())), "tags before: recorded none, now press"),
        (lambda a: replace(a, tags=replace(a.tags, removed=("x",))), "tags removed: recorded x, now none"),
        (lambda a: replace(a, tags=replace(a.tags, review=("y", "z"))), "tags to review: recorded y, z, now none"),
        (lambda a: replace(a, labels=a.labels[::-1]), "labels: recorded in another order"),
        (
            lambda a: replace(a, labels=a.labels[1:]),
            'label "People" of aws_rek_tagging: recorded nothing, now kept as "People" '
            "(0.9922, threshold 0.7, defaults.threshold)",
        ),
    ],
)
def test_each_part_of_a_record_is_compared(forged: Forge, sentence: str) -> None:
    (audit,) = records("", tagged)
    assert replay(forged(audit), Ruleset(parse_rules(""))) == (sentence,)


def test_a_difference_names_the_engine_where_another_one_decided() -> None:
    (audit,) = records("", tagged)
    ruleset = Ruleset(parse_rules(""))
    assert replay(replace(audit, engine="0"), ruleset) == ()
    differences = replay(replace(audit, engine="0", outcome="unchanged"), ruleset)
    assert differences[-1] == f"engine 0 decided, engine {ENGINE_VERSION} decided again"
