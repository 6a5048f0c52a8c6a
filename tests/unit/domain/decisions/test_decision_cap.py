"""``max_tags``: a hard cap over every machine tag, and ties that never depend on the order of the input."""

from itertools import permutations

import pytest

from tests.unit.domain.decisions.decision_helpers import because, decided, outcomes


def capped(n: int, more: str = "") -> str:
    return f"[defaults]\nmax_tags = {n}\n{more}"


def test_the_surest_stay_and_the_rest_say_why() -> None:
    decision = decided(capped(2), {"A": 0.8, "B": 0.95, "C": 0.9, "D": 0.3})
    assert decision.tags == ("B", "C")
    assert outcomes(decision) == {"B": "kept", "C": "kept", "A": "over_max", "D": "below_threshold"}
    assert because(decision)["A"] == "defaults.max_tags"


def test_none_at_all() -> None:
    decision = decided(capped(0, "[[when]]\nadd = ['x']"), {"A": 0.9})
    assert decision.tags == () and set(outcomes(decision).values()) == {"over_max"}


def test_priority_comes_before_confidence() -> None:
    rules = capped(2, "[labels.A]\npriority = 1\n[labels.B]\npriority = -1\n")
    assert decided(rules, {"A": 0.71, "B": 0.99, "C": 0.8}).tags == ("A", "C")


@pytest.mark.parametrize("names", list(permutations(["a", "B", "c"])))
def test_equal_confidence_goes_by_tag_name(names: tuple[str, ...]) -> None:
    rules = capped(2, 'case = "lower"\n')
    assert decided(rules, dict.fromkeys(names, 0.9)).tags == ("a", "b")


def test_parents_and_additions_count_and_compete() -> None:
    rules = capped(2, '[labels.A]\nparents = ["P"]\n[[when]]\nadd = ["X"]\n')
    decision = decided(rules, {"A": 0.9, "B": 0.95})
    assert decision.tags == ("X", "B")
    assert outcomes(decision) == {"X": "added", "B": "kept", "A": "over_max", "P": "over_max"}


def test_a_merged_tag_takes_the_highest_priority_and_counts_once() -> None:
    rules = capped(1, '[labels.A]\ntag = "t"\n[labels.B]\ntag = "t"\npriority = 5\n')
    decision = decided(rules, {"A": 0.9, "B": 0.71, "C": 0.99})
    assert decision.tags == ("t",)
    assert outcomes(decision) == {"A": "kept", "B": "merged", "C": "over_max"}


def test_every_label_of_a_tag_over_the_cap_is_over_it() -> None:
    rules = capped(1, '[labels.A]\ntag = "t"\n[labels.B]\ntag = "t"\n')
    decision = decided(rules, {"A": 0.8, "B": 0.75, "C": 0.99})
    assert outcomes(decision) == {"C": "kept", "A": "over_max", "B": "over_max"}
    assert {explained.tag for explained in decision.labels if explained.outcome == "over_max"} == {"t"}


def test_an_implied_tag_takes_its_priority_from_its_own_label_else_none() -> None:
    rules = capped(1, '[labels.A]\nparents = ["P"]\npriority = 9\n[labels.P]\npriority = 10\n')
    assert decided(rules, {"A": 0.9}).tags == ("P",)
    rules = capped(1, '[labels.A]\nparents = ["P"]\npriority = 9\n')
    assert decided(rules, {"A": 0.9}).tags == ("A",)


def test_a_persons_tag_fills_no_place() -> None:
    decision = decided(capped(1), {"A": 0.95, "B": 0.9, "C": 0.8}, user_tags=("a",))
    assert decision.tags == ("A", "B") and decision.present == ("A",)
    assert outcomes(decision) == {"A": "present", "B": "kept", "C": "over_max"}


def test_a_persons_tag_is_present_where_no_machine_tag_is_allowed() -> None:
    decision = decided(capped(0), {"A": 0.95, "B": 0.9}, user_tags=("a",))
    assert decision.tags == decision.present == ("A",)
    assert outcomes(decision) == {"A": "present", "B": "over_max"}


def test_a_tag_of_ours_fills_a_place_although_a_person_has_it_in_another_spelling() -> None:
    decision = decided(capped(1), {"A": 0.95, "B": 0.9}, user_tags=("a",), managed_tags=frozenset({"A"}))
    assert decision.present == () and outcomes(decision) == {"A": "kept", "B": "over_max"}


def test_nobody_is_asked_about_a_tag_that_the_cap_dropped() -> None:
    rules = capped(1, 'review = 0.5\n[labels.C]\ntag = "B"\n')
    decision = decided(rules, {"A": 0.95, "B": 0.9, "C": 0.6})
    assert decision.review == () and outcomes(decision) == {"A": "kept", "B": "over_max", "C": "over_max"}
    assert because(decision)["C"] == "defaults.max_tags"


def test_a_tag_that_a_person_took_away_does_not_count() -> None:
    decision = decided(capped(1), {"A": 0.95, "B": 0.9}, suppressed=frozenset({"a"}))
    assert decision.tags == ("B",)


def test_a_blocks_cap_names_the_block() -> None:
    decision = decided(capped(9, '[[when]]\nname = "few"\nset = { max_tags = 1 }\n'), {"A": 0.95, "B": 0.9})
    assert decision.tags == ("A",) and because(decision)["B"] == 'when[1] "few".set.max_tags'
