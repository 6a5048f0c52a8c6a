"""What other rules would change: the tags alone, and always what two decisions would say."""

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from msgspec.structs import replace

from autotag.domain.decisions.compare import changed_tags
from autotag.domain.decisions.decide import decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Rules
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.rules.rule_strategies import LABELS, RULES, SETS, SUBJECTS

Labels = Mapping[str, Iterable[Label]]

GUITARIST = {"aws_rek_tagging": [Label("People", 0.99), Label("Guitar", 0.8), Label("Musician", 0.6)]}


def changes(old: str, new: str, *, people: frozenset[str] = frozenset(), **asset: object) -> tuple[set[str], set[str]]:
    """Return what a guitarist's picture would gain and lose."""
    gained, lost, _ = changed_tags(GUITARIST, Subject(**asset), book(old), book(new), people=people)  # type: ignore[arg-type]
    return set(gained), set(lost)


def decided(labels: Labels, subject: Subject, rules: Rules) -> frozenset[str]:
    """Return the asset's tags once a decision was carried out."""
    decision = decide(labels, subject, Ruleset(rules, SETS))
    held = subject.managed_tags if decision.skip else set(decision.tags).difference(decision.present)
    return frozenset(subject.user_tags).union(held)


@given(labels=LABELS, old=RULES, new=RULES, subject=SUBJECTS)
def test_a_comparison_says_what_two_decisions_say(labels: Labels, old: Rules, new: Rules, subject: Subject) -> None:
    before, after = decided(labels, subject, old), decided(labels, subject, new)
    assert changed_tags(labels, subject, Ruleset(old, SETS), Ruleset(new, SETS))[:2] == (after - before, before - after)


@given(labels=LABELS, rules=RULES, subject=SUBJECTS)
def test_equal_rules_change_nothing(labels: Labels, rules: Rules, subject: Subject) -> None:
    same = Ruleset(replace(rules, name="another name"), SETS)
    assert changed_tags(labels, subject, Ruleset(rules, SETS), same)[:2] == (frozenset(), frozenset())


def test_a_threshold_gives_and_takes() -> None:
    assert changes("", "[defaults]\nthreshold = 0.5") == ({"Musician"}, set())
    assert changes("", "[defaults]\nthreshold = 0.9") == (set(), {"Guitar"})
    assert changes("", '[labels.Guitar]\ntag = "six strings"') == ({"six strings"}, {"Guitar"})


def test_another_spelling_is_another_tag() -> None:
    assert changes("", '[defaults]\ncase = "lower"') == ({"people", "guitar"}, {"People", "Guitar"})


def test_a_tag_of_theirs_is_neither_gained_nor_lost() -> None:
    assert changes("[defaults]\nthreshold = 0.9", "", user_tags=("guitar",)) == (set(), set())
    assert changes("", "[defaults]\nthreshold = 0.9", user_tags=("Guitar",)) == (set(), set())


def test_an_asset_that_is_skipped_keeps_what_it_has() -> None:
    skip = "[[when]]\nskip = true"
    assert changes("", skip, managed_tags=frozenset({"People", "Guitar"})) == (set(), set())
    assert changes(skip, "", managed_tags=frozenset({"People", "Band"})) == ({"Guitar"}, {"Band"})
    assert changes("", skip) == (set(), {"People", "Guitar"})


def test_a_dry_run_is_compared_as_if_it_wrote() -> None:
    assert changes("", '[defaults]\nmode = "dry_run"\nthreshold = 0.5') == ({"Musician"}, set())


def test_other_providers_bring_other_labels() -> None:
    other = '[defaults]\nproviders = ["google_tagging"]'
    assert changes("", other) == (set(), {"People", "Guitar"})


ADOPT = '[defaults]\nauto_tagged = "adopt"\n'


@pytest.mark.parametrize("adopting", [f"{ADOPT}threshold = 0.9", f"{ADOPT}deny = ['guitar']"])
def test_rules_that_adopt_lose_what_they_do_not_decide_on(adopting: str) -> None:
    assert changes("", adopting, user_tags=("people", "guitar", "press")) == ({"People"}, {"people", "guitar"})


def test_what_a_person_changed_is_never_adopted() -> None:
    adopting = f'{ADOPT}threshold = 0.9\ncase = "lower"'
    assert changes("", adopting, user_tags=("people", "guitar"), people=frozenset({"guitar"})) == (set(), set())
