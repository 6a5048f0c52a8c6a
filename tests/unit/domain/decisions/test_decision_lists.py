"""The allow list and the deny list."""

import pytest

from tests.unit.domain.decisions.decision_helpers import REVIEW, because, decided, outcomes


@pytest.mark.parametrize(
    ("deny", "label"),
    [
        ("Person", "Person"),
        ("person", "PERSON"),
        ("  Per son ", "per  son"),
        ("Café", "Cafe\u0301"),
        ("someone", "Human"),  # denied by its tag
        ("auto:someone", "Human"),
        ("Human", "Human"),
    ],
)
def test_deny_holds_a_label_by_its_name_or_its_tag(deny: str, label: str) -> None:
    rules = f'[defaults]\ndeny = ["{deny}"]\nprefix = "auto:"\n[labels.Human]\ntag = "Someone"\n'
    decision = decided(rules, {label: 1.0})
    assert decision.tags == ()
    assert outcomes(decision) == {label: "denied"} and because(decision) == {label: "defaults.deny"}


def test_deny_wins_over_allow_review_and_any_bar() -> None:
    rules = f'{REVIEW}deny = ["A", "B", "C"]\nallow = ["A"]\n'
    assert outcomes(decided(rules, {"A": 0.9, "B": 0.6, "C": 0.1})) == {"A": "denied", "B": "denied", "C": "denied"}


def test_an_allow_list_lets_nothing_else_through() -> None:
    rules = f'{REVIEW}allow = ["guitar", "\\uff24rum"]\n'  # a full-width D
    decision = decided(rules, {"Guitar": 0.9, "Drum": 0.6, "Cat": 0.99, "Dog": 0.6})
    assert outcomes(decision) == {"Guitar": "kept", "Drum": "review", "Cat": "not_allowed", "Dog": "not_allowed"}
    assert because(decision)["Cat"] == "defaults.allow"


def test_an_empty_allow_list_allows_everything() -> None:
    assert decided("[defaults]\nallow = []", {"Cat": 0.9}).tags == ("Cat",)
