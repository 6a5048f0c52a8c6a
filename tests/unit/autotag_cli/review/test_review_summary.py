"""``autotag review summary``, and the counts and the order of ``autotag review list``."""

import json

import pytest

from tests.fakes.samples import resource
from tests.unit.autotag_cli.fake_ops import refusal
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue


@pytest.fixture
def stack(stack: FakeReviewQueue) -> FakeReviewQueue:
    """A fourth asset, which is asked about two tags."""
    stack.given(resource("b0", {"Musician": 0.69, "Cat": 0.5}, public_id="stage/b0"))
    return stack


def test_summary_counts_the_questions_by_tag_and_by_folder(stack: FakeReviewQueue) -> None:
    result = stack.autotag("summary")
    rows = [row.split() for row in result.stdout.splitlines() if row.strip()]
    assert result.exit_code == 0
    assert [row[:2] for row in rows[:3]] == [["Tag", "Questions"], ["musician", "4"], ["cat", "1"]]
    assert rows[1][2:] == ["2026-10-08", "12:00"]
    assert rows[3:] == [["Folder", "Questions"], ["stage", "4"], ["zoo", "1"]]
    assert result.stderr == "5 questions about 4 assets wait.\n"


def test_summary_of_a_folder_and_as_json(stack: FakeReviewQueue) -> None:
    found = json.loads(stack.autotag("summary", "--folder", "zoo", "--json").stdout)
    assert (found["assets"], found["questions"], found["unindexed"]) == (1, 1, 0)
    assert "No tag is in review" in stack.autotag("summary", "--folder", "nowhere").stderr


def test_summary_says_what_it_does_not_count_and_what_to_do(stack: FakeReviewQueue) -> None:
    stack.reviews.unindexed = {"a0", "b0"}
    result = stack.autotag("summary")
    assert "2 questions about 4 assets wait." in result.stderr
    assert "Of 2 assets the tags are not counted" in result.stderr and "autotag retag" in result.stderr


def test_list_says_how_many_questions_wait_about_which_tags(stack: FakeReviewQueue) -> None:
    told = stack.autotag("list", "--limit", "1", "--tag", "musician").stderr
    assert told.endswith("5 questions about 4 assets wait: musician 4, cat 1.\n")
    assert "cat" not in stack.autotag("list", "--json").stderr


def test_list_is_shown_also_where_the_stack_knows_no_summary(stack: FakeReviewQueue) -> None:
    stack.fails["review_summary"] = [refusal(400, "request: Invalid value 'review_summary' - at `$.op`")]
    result = stack.autotag("list")
    assert (result.exit_code, result.stderr) == (0, "") and "b0" in result.stdout


def test_list_in_the_order_of_confidence_needs_a_tag(stack: FakeReviewQueue) -> None:
    result = stack.autotag("list", "--json", "--tag", "Musician", "--order", "confidence")
    assert [entry["asset"]["asset_id"] for entry in json.loads(result.stdout)] == ["b0", "a0", "a1", "a2"]
    refused = stack.autotag("list", "--order", "confidence")
    assert refused.exit_code == 2 and "--order confidence: it needs --tag" in refused.stderr
    assert (
        "This is the most confident; --limit lists more."
        in stack.autotag("list", "--tag", "Musician", "--order", "confidence", "--limit", "1").stderr
    )
