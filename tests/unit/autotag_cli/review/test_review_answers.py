"""``autotag review accept``, ``reject`` and ``clear``: what is done, refused, or on its way."""

import json

import pytest

from tests.unit.autotag_cli.fake_ops import CALLER, refusal
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue


def test_accept_writes_the_tag_and_says_so_once_it_is_there(stack: FakeReviewQueue) -> None:
    result = stack.autotag("accept", "stage/a0", "musician")
    assert (result.exit_code, result.stdout) == (0, "accepted musician of stage/a0\n")
    assert "Musician" in stack.tags("a0") and stack.slept
    assert stack.reasons() == [f"accepted by {CALLER}: Musician"]


def test_reject_and_clear_take_each_other_back(stack: FakeReviewQueue) -> None:
    assert stack.autotag("reject", "a1", "Musician").stdout == "rejected Musician of zoo/a1\n"
    assert stack.autotag("clear", "zoo/a1", "Musician").stdout == "cleared Musician of zoo/a1\n"
    assert stack.reasons() == [f"rejected by {CALLER}: Musician", f"cleared by {CALLER}: Musician"]


def test_the_same_command_again_is_done_already(stack: FakeReviewQueue) -> None:
    for _ in range(2):
        result = stack.autotag("reject", "a1", "Musician")
        assert (result.exit_code, result.stdout) == (0, "rejected Musician of zoo/a1\n")
    assert len(stack.reasons()) == 1


def test_what_is_refused_is_said_and_the_rest_is_done(stack: FakeReviewQueue) -> None:
    result = stack.autotag("accept", "a0", "Musician", "Cat")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "accepted Musician of stage/a0",
        "1 done, 1 refused, 0 still in progress",
    ]
    assert "a0, Cat: there is no question about 'Cat' of 'stage/a0'" in result.stderr


@pytest.mark.parametrize(("command", "tag"), [("clear", "Musician"), ("accept", "Guitar")])
def test_what_cannot_be_answered_is_a_no(stack: FakeReviewQueue, command: str, tag: str) -> None:
    result = stack.autotag(command, "a0", tag)
    assert result.exit_code == 1 and "a0, " in result.stderr and stack.reasons() == []


@pytest.mark.parametrize(("asset", "tag"), [("", "x"), ("a0", ""), ("a0", "x" * 256)])
def test_a_name_that_can_be_none_is_wrong_usage(stack: FakeReviewQueue, asset: str, tag: str) -> None:
    result = stack.autotag("accept", asset, tag)
    assert result.exit_code == 2 and result.stderr and stack.ops.received == []


def test_what_is_not_done_in_time_is_told_to_be_on_its_way(stack: FakeReviewQueue) -> None:
    stack.works = False
    result = stack.autotag("accept", "a0", "Musician", "--wait", "10")
    assert result.exit_code == 1
    assert result.stdout == "0 done, 0 refused, 1 still in progress\n"
    assert "Queued: Musician of stage/a0; no answer is lost" in result.stderr
    assert sum(stack.slept) == pytest.approx(10)


def test_nothing_is_waited_for_where_that_is_not_wanted(stack: FakeReviewQueue) -> None:
    result = stack.autotag("accept", "a0", "Musician", "--wait", "0", "--json")
    assert result.exit_code == 0 and stack.slept == [] and len(stack.reviews.sent) == 1
    (queued,) = json.loads(result.stdout)["under_way"]
    assert queued["audit_id"].startswith("a0.") and queued["verdict"] == "accept"


def test_a_look_that_fails_does_not_matter(stack: FakeReviewQueue) -> None:
    stack.fails["review_progress"] = [refusal(503, "the table is down")]
    assert stack.autotag("accept", "a0", "Musician").exit_code == 0
    assert len(stack.slept) == 2


def test_what_cloudinary_refuses_is_told_with_its_reason(stack: FakeReviewQueue) -> None:
    stack.fakes.cloudinary.most_tags = 2
    result = stack.autotag("accept", "a0", "Musician")
    assert result.exit_code == 1 and "more than 2 tags" in result.stderr
