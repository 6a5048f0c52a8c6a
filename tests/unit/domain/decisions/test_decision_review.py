"""The review band: which tags a person is asked about, and how often."""

import pytest

from tests.unit.domain.decisions.decision_helpers import REVIEW, because, decided, outcomes


@pytest.mark.parametrize(
    ("confidence", "outcome"), [(0.7, "kept"), (0.6999, "review"), (0.5, "review"), (0.4999, "below_threshold")]
)
def test_the_review_band(confidence: float, outcome: str) -> None:
    decision = decided(REVIEW, {"Musician": confidence})
    assert outcomes(decision) == {"Musician": outcome}
    assert decision.review == (("Musician",) if outcome == "review" else ())
    assert because(decision)["Musician"] == ("defaults.review" if outcome == "review" else "defaults.threshold")


def test_a_labels_own_threshold_never_lowers_the_review_bar_of_others() -> None:
    rules = f"{REVIEW}[labels.A]\nthreshold = 0.1\n[labels.B]\nthreshold = 0.95\n"
    decision = decided(rules, {"A": 0.2, "B": 0.9, "C": 0.2})
    assert outcomes(decision) == {"A": "kept", "B": "review", "C": "below_threshold"}


def test_a_review_asks_for_the_tag_and_once() -> None:
    rules = f'{REVIEW}case = "lower"\nprefix = "auto:"\n[labels.A]\ntag = "music"\n[labels.B]\ntag = "Music"\n'
    decision = decided(rules, {"A": 0.6, "B": 0.55, "C": 0.52})
    assert decision.review == ("auto:music", "auto:c")
    assert {explained.tag for explained in decision.labels} == {"auto:music", "auto:c"}


def test_two_spellings_of_one_tag_are_asked_for_once() -> None:
    decision = decided(f'{REVIEW}[labels."Electric Guitar"]\ntag = "Guitar"\n', {"Electric Guitar": 0.6, "guitar": 0.6})
    assert len(decision.review) == 1


def test_nobody_is_asked_for_a_tag_that_another_label_gives() -> None:
    decision = decided(f'{REVIEW}[labels.B]\ntag = "a"\n', {"A": 0.9, "B": 0.6})
    assert decision.tags == ("A",) and decision.review == ()


def test_a_label_fit_for_review_whose_tag_is_given_is_not_asked_about_and_says_by_what() -> None:
    rules = '[defaults]\nreview = 0.5\n[labels.Axe]\ntag = "guitar"\n[labels.Drum]\nparents = ["noise"]\n'
    decision = decided(rules, {"Guitar": 0.9, "Drum": 0.8, "Axe": 0.6, "Noise": 0.55})
    assert decision.review == ()
    assert outcomes(decision) | {"noise": "parent"} == outcomes(decision)
    assert (outcomes(decision)["Axe"], because(decision)["Axe"]) == ("given", '"Guitar" is given by "Guitar" already')
    assert because(decision)["Noise"] == '"noise" is given by labels."Drum".parents already'
