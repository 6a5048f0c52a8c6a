"""What people did to the asset: their tags are present, what they took away stays away."""

import pytest

from tests.unit.domain.decisions.decision_helpers import because, decided, outcomes

PEOPLE_TAG = '[labels.Human]\ntag = "people"\n'


def test_a_tag_of_theirs_is_present_however_it_is_spelt() -> None:
    decision = decided("", {"Guitar": 0.9, "Café": 0.8}, user_tags=("guitar", "Cafe\u0301", "press"))
    assert decision.tags == ("Guitar", "Café") == decision.present
    assert outcomes(decision) == {"Guitar": "present", "Café": "present"}


def test_a_tag_of_ours_is_kept() -> None:
    decision = decided("", {"Guitar": 0.9}, user_tags=(), managed_tags=frozenset({"Guitar"}))
    assert decision.present == () and outcomes(decision) == {"Guitar": "kept"}


def test_a_merged_tag_of_theirs_is_present_once_and_merged_for_the_rest() -> None:
    decision = decided(PEOPLE_TAG, {"People": 0.9, "Human": 0.8}, user_tags=("people",))
    assert outcomes(decision) == {"People": "present", "Human": "merged"}


def test_an_implied_tag_of_theirs_is_present() -> None:
    decision = decided('[labels.A]\nparents = ["P"]\n[[when]]\nadd = ["X"]', {"A": 0.9}, user_tags=("p", "x"))
    assert decision.present == ("X", "P")
    assert outcomes(decision) == {"A": "kept", "P": "present", "X": "present"}


def test_a_label_below_its_bar_whose_tag_is_theirs_needs_no_review() -> None:
    decision = decided("[defaults]\nreview = 0.5", {"Guitar": 0.6}, user_tags=("guitar",))
    assert decision.review == () and outcomes(decision) == {"Guitar": "present"}


def test_a_tag_that_a_person_took_away_stays_away() -> None:
    decision = decided("", {"Guitar": 0.9}, suppressed=frozenset({"guitar"}))
    assert decision.tags == ()
    assert outcomes(decision) == {"Guitar": "suppressed"} and "person" in because(decision)["Guitar"]


def test_a_new_prefix_or_name_does_not_bring_it_back() -> None:
    """The key is the tag together with its labels."""
    taken = frozenset({"auto:guitar", "guitar"})
    assert decided('[defaults]\nprefix = "new:"', {"Guitar": 0.9}, suppressed=taken).tags == ()
    assert decided('[labels.Guitar]\ntag = "six strings"', {"Guitar": 0.9}, suppressed=taken).tags == ()


AXES = """
[labels.Axe]
tag = "guitar"
[labels.Bass]
tag = "guitar"
[labels."Electric Guitar"]
parents = ["guitar"]
"""


@pytest.mark.parametrize("prefix", ["", "auto:", "new:"])
@pytest.mark.parametrize("more", ["", '[[when]]\nadd = ["guitar"]\n'])
def test_a_tag_that_a_person_took_away_stays_away_whatever_gives_it_under_any_prefix(prefix: str, more: str) -> None:
    """Its own label, another label, a parent, a block: what counts is the name before case and prefix, too."""
    rules = f'[defaults]\ncase = "title"\nprefix = "{prefix}"\n{AXES}{more}'
    taken = frozenset({"auto:guitar", "axe", "guitar"})
    decision = decided(rules, {"Axe": 0.95, "Bass": 0.9, "Electric Guitar": 0.8}, suppressed=taken)
    assert decision.tags == (f"{prefix}Electric Guitar",)
    assert set(outcomes(decision).values()) == {"suppressed", "kept"}


def test_nobody_is_asked_about_a_name_that_a_person_took_away() -> None:
    rules = f'[defaults]\nreview = 0.5\nprefix = "auto:"\n{AXES}'
    decision = decided(rules, {"Bass": 0.6}, suppressed=frozenset({"guitar"}))
    assert decision.review == () and outcomes(decision) == {"Bass": "suppressed"}


def test_a_tag_stands_for_its_labels_and_for_its_name_before_case_and_prefix() -> None:
    rules = f'[defaults]\ncase = "title"\nprefix = "auto:"\n{AXES}'
    decision = decided(rules, {"Axe": 0.95, "Bass": 0.9, "Cat": 0.8})
    assert decision.sources == {"auto:Guitar": ("axe", "guitar", "bass"), "auto:Cat": ("cat",)}
    assert decided(rules, {"Electric Guitar": 0.8}).sources["auto:Guitar"] == ("guitar",)


def test_a_label_that_was_taken_away_takes_no_other_with_it() -> None:
    decision = decided(PEOPLE_TAG, {"People": 0.9, "Human": 0.8}, suppressed=frozenset({"human"}))
    assert decision.tags == ("People",) and decision.sources == {"People": ("people",)}
    assert outcomes(decision) == {"People": "kept", "Human": "suppressed"}
    decision = decided(
        '[labels.A]\ntag = "t"\n[labels.B]\ntag = "t"\n', {"A": 0.9, "B": 0.8}, suppressed=frozenset({"a"})
    )
    assert decision.tags == ("t",) and decision.sources == {"t": ("b", "t")}
    assert outcomes(decision) == {"A": "suppressed", "B": "kept"}


def test_a_label_that_was_taken_away_lends_its_confidence_to_nobody() -> None:
    rules = '[defaults]\nmax_tags = 1\n[labels.A]\ntag = "t"\npriority = 5\n[labels.B]\ntag = "t"\n'
    decision = decided(rules, {"A": 0.95, "B": 0.72, "C": 0.9}, suppressed=frozenset({"a"}))
    assert decision.tags == ("C",)


def test_an_implied_tag_that_was_taken_away_stays_away() -> None:
    rules = '[labels.A]\nparents = ["P"]\n[[when]]\nadd = ["X"]'
    decision = decided(rules, {"A": 0.9}, suppressed=frozenset({"p", "x"}))
    assert decision.tags == ("A",)
    assert outcomes(decision) == {"A": "kept", "P": "suppressed", "X": "suppressed"}


def test_a_tag_that_stays_implied_survives_the_loss_of_its_label() -> None:
    """A person took away what label A stood for; the block's own tag is another matter, whatever A's confidence."""
    rules = '[labels.A]\ntag = "t"\n[[when]]\nadd = ["t"]'
    high = decided(rules, {"A": 0.9}, suppressed=frozenset({"a"})).tags
    low = decided(rules, {"A": 0.3}, suppressed=frozenset({"a"})).tags
    assert high == low


def test_nobody_is_asked_for_what_a_person_took_away() -> None:
    decision = decided("[defaults]\nreview = 0.5", {"Guitar": 0.6}, suppressed=frozenset({"guitar"}))
    assert decision.review == () and outcomes(decision) == {"Guitar": "suppressed"}
