"""Questions at random in ``autotag review list``, ``go`` and ``summary``: marked, and answered like the others."""

import json
import re

import pytest

from tests.fakes.samples import resource
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue


@pytest.fixture
def stack() -> FakeReviewQueue:
    """One ordinary question, one at random far below the bar, and one about a tag that was written."""
    stack = FakeReviewQueue(1)
    stack.given(resource("b1", {"Dog": 0.31}, public_id="zoo/b1"))
    stack.given(resource("b2", {"Dog": 0.93}, public_id="zoo/b2"))
    stack.sampled("b1", "dog")
    stack.sampled("b2", "dog")
    assert "Dog" in stack.tags("b2") - stack.tags("b1")
    return stack


def test_list_marks_them_with_their_confidence_and_the_bar_and_says_whether_the_tag_is_there(
    stack: FakeReviewQueue,
) -> None:
    result = stack.autotag("list")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    below = next(n for n, line in enumerate(lines) if line.startswith("zoo/b1 Dog 0.3100"))
    assert "0.70" in lines[below] and lines[below + 1] == "asked at random"
    written = next(n for n, line in enumerate(lines) if line.startswith("zoo/b2 Dog 0.9300"))
    assert lines[written + 1] == "asked at random, it has the tag already"
    assert lines[1].startswith("stage/a0 Musician") and result.stdout.count("at random") == 2
    assert "Asked at random: to learn how often their labels are right" in result.stderr
    assert "retag" not in result.stderr
    assert result.stderr.endswith(
        "3 questions about 3 assets wait: dog 2, musician 1. 2 of them are asked at random.\n"
    )


@pytest.mark.parametrize("width", [30, 40, 60])
def test_list_keeps_the_names_of_assets_and_tags_on_a_narrow_terminal(stack: FakeReviewQueue, width: int) -> None:
    lines = stack.autotag("list", columns=width).stdout.splitlines()
    assert all(len(line) <= width for line in lines) and "…" not in "".join(lines)
    row = next(line.split() for line in lines if line.startswith("zoo/b1"))
    assert row[:2] == ["zoo/b1", "Dog"]
    assert "0.3100" in " ".join(lines) and "0.70" in " ".join(lines)


def test_show_marks_them(stack: FakeReviewQueue) -> None:
    ordinary, at_random = (stack.command("show", name).stdout for name in ("a0", "b1"))
    assert re.search(r"^to review +Musician *$", ordinary, re.M)
    assert re.search(r"^to review +Dog \(asked at random\) *$", at_random, re.M)


def test_list_as_json_tells_them_apart(stack: FakeReviewQueue) -> None:
    entries = json.loads(stack.autotag("list", "--json").stdout)
    told = {tag["tag"]: tag["sample"] for entry in entries for tag in entry["tags"]}
    assert told == {"Musician": False, "Dog": True}


def test_summary_counts_them_by_tag(stack: FakeReviewQueue) -> None:
    result = stack.autotag("summary")
    rows = [row.split() for row in result.stdout.splitlines() if row.strip()]
    assert rows[0] == ["Tag", "Questions", "At", "random", "Oldest"]
    assert rows[1][:3] == ["dog", "2", "2"] and rows[2][:3] == ["musician", "1", "0"]
    assert result.stderr == "3 questions about 3 assets wait. 2 of them are asked at random.\n"
    assert "At random" not in FakeReviewQueue(1).autotag("summary").stdout


def test_go_says_why_one_is_asked_and_what_an_answer_does(stack: FakeReviewQueue) -> None:
    shown = " ".join(stack.autotag("go", "--tag", "dog", stdin="sq").stderr.split())
    assert "Asked at random, to learn how often Dog is right at 0.31: your rules tag from 0.70." in shown
    assert "The picture has the tag already: accept confirms it, reject removes it." in shown


def test_an_answer_below_the_bar_tags_and_a_rejection_of_a_written_tag_removes_it(stack: FakeReviewQueue) -> None:
    result = stack.autotag("go", "--tag", "dog", stdin="ar")
    assert result.stdout.splitlines() == ["accepted Dog of zoo/b1", "rejected Dog of zoo/b2"], result.stderr
    assert "Dog" in stack.tags("b1") and "Dog" not in stack.tags("b2")
    assert "zoo" not in stack.autotag("list").stdout
