"""Answers from a file: in either form, in batches, and what is wrong with a line."""

import json

import pytest

from tests.unit.autotag_cli.fake_ops import refusal
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue


def test_answers_come_from_a_file_in_either_form(stack: FakeReviewQueue) -> None:
    lines = ["a0\tMusician\taccept", "", json.dumps({"asset": "zoo/a1", "tag": "Musician", "verdict": "reject"}) + "\r"]
    result = stack.autotag("go", "--file", "-", "--json", stdin="\n".join(lines))
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert [(one["public_id"], one["verdict"]) for one in printed["done"]] == [
        ("stage/a0", "accept"),
        ("zoo/a1", "reject"),
    ]
    assert printed["refused"] == printed["under_way"] == []


def test_every_faulty_line_of_a_file_is_named_and_nothing_is_sent(stack: FakeReviewQueue) -> None:
    lines = [
        "a0\tMusician\taccept",
        "a0\tMusician",
        "a1\tMusician\tmaybe",
        '{"asset": "a1", "tag": "Musician"}',
        '{"x":' + "[" * 9999,
        "a0\tmusician\treject",
        "\tMusician\treject",
    ]
    result = stack.autotag("go", "--file", "-", stdin="\n".join(lines))
    assert result.exit_code == 2 and stack.ops.received == []
    faults = result.stderr.splitlines()
    assert [fault.split(":")[1].strip() for fault in faults] == [f"stdin, line {n}" for n in (2, 3, 4, 5, 6, 7)]
    assert "2 columns" in faults[0] and "`$.verdict`" in faults[1] and "line 1 says accept" in faults[4]


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_file_without_answers_is_wrong_input(stack: FakeReviewQueue, text: str) -> None:
    assert stack.autotag("go", "--file", "-", stdin=text).exit_code == 2


@pytest.mark.parametrize("option", ["--folder", "--tag", "--cloud"])
def test_what_is_of_no_use_with_a_file_is_refused(stack: FakeReviewQueue, option: str) -> None:
    result = stack.autotag("go", "--file", "-", option, "x", stdin="a0\tMusician\taccept")
    assert result.exit_code == 2 and option in result.stderr


def test_a_long_file_is_sent_by_the_hundred_and_summed_up() -> None:
    stack = FakeReviewQueue(250)
    text = "\n".join(f"a{n}\tMusician\t{'accept' if n % 2 else 'reject'}" for n in range(250))
    result = stack.autotag("go", "--file", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (0, "250 done, 0 refused, 0 still in progress\n")
    assert [len(body["decisions"]) for *_, body in stack.ops.received if body["op"] == "review_decide"] == [
        100,
        100,
        50,
    ]
    assert len(stack.reasons()) == 250


def test_a_stack_that_fails_half_way_tells_how_far_it_came_and_the_same_file_goes_on() -> None:
    stack = FakeReviewQueue(150)
    text = "\n".join(f"a{n}\tMusician\treject" for n in range(150))
    stack.fails["review_decide"] = [None, refusal(503, "the table is down")]
    result = stack.autotag("go", "--file", "-", stdin=text)
    assert result.exit_code == 1 and "100 answers were sent before" in result.stderr
    again = stack.autotag("go", "--file", "-", stdin=text)
    assert (again.exit_code, len(stack.reasons())) == (0, 150)
