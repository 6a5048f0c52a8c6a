"""The caches of a rulebook are bounded, and clearing them changes no decision."""

import pytest

from autotag.domain.decisions.decide import decide
from autotag.domain.model.labels import LABEL_KEYS, Label
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from tests.unit.domain.decisions.decision_helpers import book

MANY = 70_000
"""More names than are remembered."""

RULES = """
[labels.A]
tag = "first"
parents = ["P"]
[labels.P]
parents = ["Q"]
[[when]]
folder = "stage/**"
set = { case = "lower" }
labels = { B = { threshold = 0.2 } }
"""
LABELS = {"aws_rek_tagging": [Label("A", 0.9), Label("B", 0.3)]}
STAGE = Subject(folder="stage")


def meet(ruleset: Ruleset, names: range, subject: Subject) -> None:
    """Let ``ruleset`` decide on assets with ten labels each that it never saw."""
    for first in names[::10]:
        found = [Label(f"name {n}", 0.5) for n in range(first, first + 10)]
        decide({"aws_rek_tagging": found}, subject, ruleset)


def test_names_are_forgotten_before_they_are_too_many() -> None:
    ruleset = book(RULES)
    meet(ruleset, range(MANY // 2), Subject())
    meet(ruleset, range(MANY // 2, MANY), STAGE)
    remembered = [ruleset.settings_for(subject, {}).label_plans.entries for subject in (Subject(), STAGE)]
    assert sum(map(len, remembered)) < MANY
    assert len(LABEL_KEYS.entries) < MANY


@pytest.mark.parametrize("length", [256, 200_000])
def test_names_too_long_for_a_tag_are_not_remembered(length: int) -> None:
    ruleset = book(RULES)
    kept = len(LABEL_KEYS.entries)
    names = [str(n).ljust(length, "x") for n in range(20)]
    for subject in (Subject(), Subject(folder="stage/" + "y" * length)):
        decide({"aws_rek_tagging": [Label(name, 0.9) for name in names]}, subject, ruleset)
        assert not any(len(name) == length for name in ruleset.settings_for(subject, {}).label_plans.entries)
    assert len(LABEL_KEYS.entries) <= kept + 10  # those of the rules
    assert max(map(len, ruleset._in_folder.entries)) < length


def test_names_as_long_as_a_tag_take_no_more_memory_than_short_ones() -> None:
    ruleset = book(RULES)
    for first in range(0, 10_000, 10):
        found = [Label(str(n).ljust(255, "\u4e00"), 0.9) for n in range(first, first + 10)]
        decide({"aws_rek_tagging": found}, Subject(), ruleset)
    plans = ruleset.settings_for(Subject(), {}).label_plans.entries
    assert sum(map(len, plans)) < 65536 * 32 and sum(map(len, LABEL_KEYS.entries)) < 65536 * 32


def test_forgetting_changes_no_decision() -> None:
    ruleset = book(RULES)
    before = [decide(LABELS, subject, ruleset) for subject in (Subject(), STAGE)]
    meet(ruleset, range(MANY), Subject())
    assert [decide(LABELS, subject, ruleset) for subject in (Subject(), STAGE)] == before
    assert before[0].tags == ("P", "Q", "first") and before[1].tags == ("first", "p", "q", "b")


def test_long_chains_of_parents_count_as_what_they_hold() -> None:
    """Every label of a chain implies all that follow: the square of its length, if it were remembered without end."""
    chain = "".join(f'[labels."L{n}"]\nparents = ["L{n + 1}"]\n' for n in range(1000))
    ruleset = book(chain)
    for n in range(1000):
        decide({"aws_rek_tagging": [Label(f"L{n}", 0.9)]}, Subject(), ruleset)
    plans = ruleset.settings_for(Subject(), {}).label_plans.entries.values()
    assert sum(len(plan.implies) for plan in plans) < 2 * 65536


def test_any_number_of_folders_may_be_met() -> None:
    ruleset = book('[[when]]\nfolder = "f/**"\nadd = ["x"]\n')
    tags = {decide({}, Subject(folder=f"{root}/{n}"), ruleset).tags for n in range(5000) for root in ("f", "g")}
    assert tags == {("x",), ()}


def test_any_number_of_combinations_of_blocks_may_be_met() -> None:
    flags = [f"flag {n}" for n in range(14)]
    ruleset = book("".join(f'[[when]]\ncontext = {{ "{flag}" = "on" }}\nadd = ["{flag}"]\n' for flag in flags))
    for number in range(2 ** len(flags)):
        context = {flag: "on" for n, flag in enumerate(flags) if number >> n & 1}
        assert [tag for tag, _ in ruleset.settings_for(Subject(context=context), {}).add] == list(context)
    assert len(ruleset._settings.entries) < 2 ** len(flags) // 2
