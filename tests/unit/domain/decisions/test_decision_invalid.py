"""Labels that cannot be used, and names that no tag can have."""

import pytest

from autotag.domain.decisions.decide import decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Subject
from tests.unit.domain.decisions.decision_helpers import because, book, decided, outcomes


def test_an_unusable_label_is_told_with_its_fault() -> None:
    labels = [Label("Cat, black", 0.9, "a tag may hold no comma"), Label("", 0.0, "data[1].tag holds no name")]
    decision = decide({"aws_rek_tagging": labels}, Subject(), book("[defaults]\nthreshold = 0"))
    assert decision.tags == ()
    assert outcomes(decision) == {"Cat, black": "invalid", "": "invalid"}
    assert because(decision)["Cat, black"] == "a tag may hold no comma"


RENAMING = """
[labels."Cat, black"]
tag = "black cat"
[labels."a\\u0007b"]
tag = "bell"
"""


@pytest.mark.parametrize("name", ["Cat, black", "long " * 52, "a\x07b", "zero\u200bwidth"])
def test_a_label_that_no_tag_can_be_called_is_invalid(name: str) -> None:
    assert outcomes(decided("", {name: 0.9, "Cat": 0.8})) == {name: "invalid", "Cat": "kept"}


def test_a_rule_that_names_a_tag_lets_a_label_in_that_can_be_none() -> None:
    decision = decided(RENAMING, {"Cat, black": 0.9, "a\x07b": 0.8})
    assert decision.tags == ("black cat", "bell")
    assert decided(f"[defaults]\ndeny = ['Cat, black']\n{RENAMING}", {"Cat, black": 0.9}).tags == ()


def test_so_it_does_where_an_earlier_release_stored_the_name_as_a_fault_of_the_label() -> None:
    stored = {"aws_rek_tagging": [Label("Cat, black", 0.9, "a tag may hold no comma")]}
    assert decide(stored, Subject(), book(RENAMING)).tags == ("black cat",)
    decision = decide(stored, Subject(), book(""))
    assert because(decision) == {"Cat, black": "a tag may hold no comma"} and decision.tags == ()


def test_a_label_that_is_invalid_still_switches_a_block_on() -> None:
    assert decided('[[when]]\nlabels_any = ["a, b"]\nadd = ["x"]\n', {"a, b": 0.9}).tags == ("x",)


def test_a_usable_label_is_preferred_to_an_unusable_one_of_the_same_name() -> None:
    labels = [Label("Cat", 0.0, "data[0].confidence is not a number"), Label("Cat", 0.8)]
    assert decide({"aws_rek_tagging": labels}, Subject(), book("")).tags == ("Cat",)


def test_a_tag_that_a_prefix_makes_too_long_is_invalid() -> None:
    decision = decided('[defaults]\nprefix = "auto:"', {"x" * 250: 0.9, "y" * 251: 0.9})
    assert decision.tags == ("auto:" + "x" * 250,)
    assert outcomes(decision)["y" * 251] == "invalid" and "255" in because(decision)["y" * 251]
