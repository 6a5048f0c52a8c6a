"""What is said of runs: why assets failed, how long it takes, which assets it is about."""

import pytest

from autotag.domain.runs.progress import Counts
from autotag.domain.sentences.operations.runs import duration_words, explain_failures, selection_text


def test_each_reason_of_failures_is_said_with_its_number_and_others_are_refusals() -> None:
    said = explain_failures(Counts(failed=1_204, gone=3, too_large=1))
    assert said == (
        "3 assets were no longer in Cloudinary. Nothing is left to do.",
        "1 asset was too large to be stored. The log of the worker names each (item_too_large).",
        "1,200 assets were refused by Cloudinary. Its reason stands in the history of each asset.",
    )
    assert explain_failures(Counts(done=9)) == ()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (31, "about a minute"),
        (90, "about 2 minutes"),
        (5000, "about 83 minutes"),
        (40_000, "about 11 hours"),
        (400_000, "about 5 days"),
    ],
)
def test_a_duration_is_rounded_to_what_a_person_plans_by(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_a_selection_by_rules_or_status_reads_as_a_sentence() -> None:
    chosen = {"rules_before": 2, "statuses": ["failed", "skipped"]}
    assert selection_text(chosen) == "last decided by rules before number 2, status failed, skipped"


def test_a_selection_is_one_line() -> None:
    chosen = {"folder": "zoo/**", "since": 1_791_460_800_000, "assets": [f"a{n}" for n in range(7)], "categorize": True}
    assert selection_text(chosen) == (
        "folder zoo/**, since 2026-10-08T12:00:00.000Z, assets a0, a1, a2, a3, a4, … 2 more, categorize yes"
    )
