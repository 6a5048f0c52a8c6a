"""What counts as a verdict on a label, and what does not: the contrary must have had the same chance."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.learning.verdicts import Edit
from autotag.domain.model.verdicts import Bar
from tests.unit.domain.learning.judged_assets import (
    AT,
    BAR,
    RULES,
    UNASKED,
    added,
    asset,
    left,
    removed,
    said,
    sampled,
    verdicts,
)

LABELS = {"Stage": 0.9, "Guitar": 0.8, "Dog": 0.5, "Cat": 0.4}


def test_answers_in_the_queue_count_both_ways() -> None:
    scanned = asset(LABELS, preferences=(added("Dog", answer="1"), removed("Cat", answer="2")))
    assert verdicts(scanned) == {"dog": ("answer", True), "cat": ("answer", False)}


def test_a_removal_alone_is_no_verdict_since_nothing_would_have_been_left() -> None:
    found = said(asset(LABELS, preferences=(removed("Stage"),)))
    assert (found.verdicts, found.not_counted) == ([], [("stage", "alone")])
    assert found.edits == [Edit("stage", right=False, kept=True, at=AT)]


def test_removals_together_count_and_so_does_what_was_left() -> None:
    scanned = asset(LABELS | {"Sky": 0.95}, preferences=(removed("Stage"), removed("Guitar")), left={"sky": left()})
    assert verdicts(scanned) == {"stage": ("edit", False), "guitar": ("edit", False), "sky": ("left", True)}


def test_an_added_tag_of_a_label_makes_a_removal_count_and_a_keyword_does_not() -> None:
    by_label = asset(LABELS, preferences=(removed("Stage"), added("Dog")))
    keyword = asset(LABELS, preferences=(removed("Stage"), added("press", bar=None)))
    assert verdicts(by_label) == {"stage": ("edit", False)}
    assert verdicts(keyword) == {}


def test_an_answer_makes_no_removal_count() -> None:
    scanned = asset(LABELS, preferences=(removed("Stage"), added("Dog", answer="1")))
    assert verdicts(scanned) == {"dog": ("answer", True)}


def test_a_removal_after_another_change_counts_where_its_tag_was_left_then() -> None:
    wishes = (removed("Stage", AT + 1000), removed("Guitar"))
    assert verdicts(asset(LABELS, preferences=wishes, left={"stage": left()})) == {
        "stage": ("edit", False),
        "guitar": ("edit", False),
    }
    assert verdicts(asset(LABELS, preferences=wishes)) == {"guitar": ("edit", False)}


def test_a_removal_of_an_earlier_release_counts_by_a_change_with_bars_at_the_bar_of_the_given_rules() -> None:
    wishes = (removed("Stage", bar=None), removed("Guitar"))
    found = {each.label: each for each in said(asset(LABELS, preferences=wishes)).verdicts}
    assert found["stage"].bar == Bar(0.7, 0.3)
    both_old = asset(LABELS, preferences=(removed("Stage", bar=None), removed("Guitar", bar=None)))
    assert verdicts(both_old) == {}


@pytest.mark.parametrize("rules", [RULES, UNASKED])
def test_a_tag_added_by_hand_is_no_verdict_where_nobody_answers_questions(rules: str) -> None:
    found = said(asset(LABELS, preferences=(added("Dog"), removed("Cat"))), rules)
    assert ([each.label for each in found.verdicts], ("dog", "only_right") in found.not_counted) == ([], True)


def test_a_tag_added_by_hand_counts_where_a_wrong_one_would_have_been_rejected() -> None:
    answered = asset(LABELS, preferences=(added("Dog"), removed("Cat", answer="1")))
    assert verdicts(answered) == {"dog": ("edit", True), "cat": ("answer", False)}
    below = asset(LABELS, preferences=(added("Dog", bar=Bar(0.7, 0.6)), removed("Cat", answer="1")))
    assert verdicts(below) == {"cat": ("answer", False)}


def test_a_tag_that_a_person_put_there_before_the_service_is_no_verdict() -> None:
    found = verdicts(asset(LABELS, preferences=(added("Stage"), removed("Guitar"))))
    assert found == {"guitar": ("edit", False)}


@pytest.mark.parametrize("later", [removed("Stage", AT + 1), added("Stage", AT), removed("Stage", AT, withdrawn=True)])
def test_what_a_person_changed_later_was_not_left(later: Any) -> None:
    found = verdicts(asset(LABELS, preferences=(later, removed("Guitar")), left={"stage": left()}))
    assert found.get("stage") != ("left", True)


def test_an_earlier_wish_does_not_end_what_was_left() -> None:
    scanned = asset(LABELS, preferences=(removed("Stage", AT - 1, withdrawn=True),), left={"stage": left()})
    assert verdicts(scanned) == {"stage": ("left", True)}


def test_a_sample_counts_once_and_everywhere_whatever_its_bar() -> None:
    for name, confidence in LABELS.items():
        key = name.lower()
        scanned = asset(
            LABELS,
            samples={key: sampled(name, confidence, "reject", Bar(0.99))},
            preferences=(removed(name, answer="1"),),
            left={key: left()},
        )
        assert verdicts(scanned, UNASKED) == {key: ("sample", False)}


def test_a_sample_without_an_answer_says_nothing() -> None:
    assert verdicts(asset(LABELS, samples={"dog": sampled("Dog", 0.5, "")})) == {}


@pytest.mark.parametrize(
    "change",
    [{"set_by_upload": True}, {"withdrawn": True}, {"at": AT - 61_000}],
    ids=["set by an upload", "withdrawn", "of the picture before it was overwritten"],
)
def test_what_is_no_evidence(change: dict[str, Any]) -> None:
    answer = added("Dog", answer="1")
    assert verdicts(asset(LABELS, preferences=(answer,))) == {"dog": ("answer", True)}
    assert verdicts(asset(LABELS, preferences=(replace(answer, **change),))) == {}


def test_contradicting_wishes_say_nothing() -> None:
    both = (added("a", labels=("dog",), answer="1"), removed("b", labels=("dog",), answer="2"))
    assert verdicts(asset(LABELS, preferences=both)) == {}


def test_a_tag_is_looked_for_among_the_labels_by_its_tag_under_the_rules_and_without_its_prefix() -> None:
    rules = RULES.replace("review", 'prefix = "auto:"\nreview')
    wishes = (added("dog", labels=(), answer="1"), removed("auto:cat", labels=(), answer="2"))
    assert verdicts(asset(LABELS, preferences=wishes), rules) == {"dog": ("answer", True), "cat": ("answer", False)}


def test_labels_that_a_wish_names_count_rather_than_its_tag() -> None:
    scanned = asset(LABELS, preferences=(removed("Cat", labels=("dog",), answer="1"),))
    assert verdicts(scanned) == {"dog": ("answer", False)}


@pytest.mark.parametrize(
    "rules",
    [
        '[defaults]\ndeny = ["Dog"]\n',
        '[[when]]\nfolder = "zoo"\nskip = true\n',
        '[[when]]\nfolder = "zoo"\nlabels = { Dog = { threshold = 0.9 } }\n',
    ],
)
def test_where_no_threshold_of_the_label_decides_there_is_no_verdict(rules: str) -> None:
    scanned = asset(LABELS, preferences=(added("Dog", answer="1"),))
    assert verdicts(scanned, rules) == {}
    assert verdicts(scanned, rules.replace('"zoo"', '"farm"').replace('["Dog"]', "[]")) == {"dog": ("answer", True)}


def test_a_verdict_keeps_the_bar_that_held_not_that_of_todays_rules() -> None:
    wishes = (removed("Stage", bar=Bar(0.85)), removed("Guitar", bar=Bar(0.75)))
    found = {each.label: each.bar.threshold for each in said(asset(LABELS, preferences=wishes), RULES).verdicts}
    assert found == {"stage": 0.85, "guitar": 0.75}
    raised = RULES.replace("0.7", "0.99")
    assert verdicts(asset(LABELS, preferences=wishes, left={"sky": left()}), raised).keys() == {"stage", "guitar"}
    never_kept = (removed("Stage", bar=Bar(0.95)), removed("Guitar", bar=BAR))
    assert verdicts(asset(LABELS, preferences=never_kept)) == {"guitar": ("edit", False)}
