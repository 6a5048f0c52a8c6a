"""Confidence against thresholds, of which labels, and what an outcome says."""

import pytest

from autotag.domain.decisions.decide import decide
from autotag.domain.model.labels import Label
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.rules.compiled.ruleset import Subject
from tests.unit.domain.decisions.decision_helpers import because, book, decided, outcomes

GUITARIST = {"People": 0.9922, "Electric Guitar": 0.7046, "Musician": 0.5754}


def test_the_threshold_is_inclusive() -> None:
    decision = decided("[defaults]\nthreshold = 0.7046", {**GUITARIST, "Guitar": 0.7045})
    assert decision.tags == ("People", "Electric Guitar")
    assert outcomes(decision) == {
        "People": "kept",
        "Electric Guitar": "kept",
        "Guitar": "below_threshold",
        "Musician": "below_threshold",
    }
    assert set(because(decision).values()) == {"defaults.threshold"}


def test_an_outcome_tells_everything_that_an_audit_shows() -> None:
    rules = '[labels."Electric Guitar"]\nthreshold = 0.6\ntag = "guitar"'
    decision = decided(rules, {"Electric Guitar": 0.7046, "Musician": 0.5754})
    assert decision.labels == (
        LabelOutcome(
            "Electric Guitar",
            "aws_rek_tagging",
            0.7046,
            "kept",
            "guitar",
            0.6,
            'labels."Electric Guitar".threshold',
        ),
        LabelOutcome("Musician", "aws_rek_tagging", 0.5754, "below_threshold", None, 0.7, "defaults.threshold"),
    )


@pytest.mark.parametrize(
    ("threshold", "confidence", "tags"), [(0, 0, ("A",)), (1, 1, ("A",)), (1, 0.9999, ()), (0, 1, ("A",))]
)
def test_the_ends_of_the_scale(threshold: float, confidence: float, tags: tuple[str, ...]) -> None:
    assert decided(f"[defaults]\nthreshold = {threshold}", {"A": confidence}).tags == tags


@pytest.mark.parametrize("own", [0.5, 0.9])
def test_a_labels_own_threshold_counts_for_it_alone(own: float) -> None:
    decision = decided(f"[labels.Musician]\nthreshold = {own}", {"musician": 0.6, "Singer": 0.75, "Dancer": 0.6})
    assert outcomes(decision) == {
        "musician": "kept" if own == 0.5 else "below_threshold",
        "Singer": "kept",
        "Dancer": "below_threshold",
    }
    assert because(decision)["musician"] == 'labels."Musician".threshold'


def test_a_label_that_comes_twice_counts_once_with_its_highest_confidence() -> None:
    ruleset = book("")
    twice = [Label("Cat", 0.6), Label("CAT", 0.9), Label("cat ", 0.8)]
    decision = decide({"aws_rek_tagging": twice}, Subject(), ruleset)
    assert [(explained.label, explained.confidence) for explained in decision.labels] == [("CAT", 0.9)]


def test_of_several_providers_the_highest_confidence_counts_and_is_named() -> None:
    ruleset = book('[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]')
    decision = decide(
        {
            "google_tagging": [Label("Cat", 0.9), Label("Dog", 0.8)],
            "aws_rek_tagging": [Label("cat", 0.6), Label("Dog", 0.8)],
            "imagga_tagging": [Label("Cat", 1.0), Label("Bird", 1.0)],
        },
        Subject(),
        ruleset,
    )
    assert decision.tags == ("Cat", "Dog")
    assert {explained.label: explained.provider for explained in decision.labels} == {
        "Cat": "google_tagging",
        "Dog": "aws_rek_tagging",
    }


def test_no_labels_are_no_tags() -> None:
    decision = decided("", {})
    assert (decision.tags, decision.labels, decision.review, decision.skip) == ((), (), (), "")
    assert decide({}, Subject(), book("")).tags == ()


@pytest.mark.parametrize("mode", ["apply", "dry_run"])
def test_a_dry_run_decides_the_same(mode: str) -> None:
    decision = decided(f'[defaults]\nmode = "{mode}"', GUITARIST)
    assert decision.mode == mode and decision.tags == ("People", "Electric Guitar")
