"""``autotag review undo`` and what else takes an answer back."""

import json

import pytest

from tests.unit.autotag_cli.fake_ops import CALLER
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue


def accepted(stack: FakeReviewQueue) -> str:
    """Accept Musician of the first asset; return the id of the audit."""
    assert stack.autotag("accept", "a0", "Musician").exit_code == 0
    return next(audit.audit_id for audit in stack.fakes.audits.records.values() if audit.trigger.kind == "review")


@pytest.mark.parametrize("tags", [(), ("musician",)])
def test_undo_takes_an_accept_back_and_the_question_is_in_the_queue_where_it_was(
    stack: FakeReviewQueue, tags: tuple[str, ...]
) -> None:
    before = stack.autotag("list").stdout
    of = accepted(stack)
    result = stack.autotag("undo", of, *tags)
    assert (result.exit_code, result.stdout) == (0, f"took back {(*tags, 'Musician')[0]} of stage/a0\n"), result.stderr
    assert "Musician" not in stack.tags("a0") and stack.autotag("list").stdout == before
    assert stack.reasons() == [f"accepted by {CALLER}: Musician", f"taken back by {CALLER}: Musician"]
    assert [body["op"] for *_, body in stack.ops.received].count("audits") == 0


def test_undo_is_done_already_the_second_time_and_says_what_cannot_be_taken_back(stack: FakeReviewQueue) -> None:
    of = accepted(stack)
    for _ in range(2):
        assert stack.autotag("undo", of).exit_code == 0
    assert len(stack.reasons()) == 2
    result = stack.autotag("undo", of, "Guitar")
    assert result.exit_code == 1 and f"a0, Guitar: '{of}' says nothing about 'Guitar'" in result.stderr


@pytest.mark.parametrize("audit", ["", "a0", "a0.17.x", "stage/a0"])
def test_undo_of_what_is_no_audit_id_is_wrong_usage(stack: FakeReviewQueue, audit: str) -> None:
    result = stack.autotag("undo", audit)
    assert result.exit_code == 2 and "<asset_id>.<milliseconds>.<unique>" in result.stderr and stack.ops.received == []


def test_clear_takes_back_what_was_accepted(stack: FakeReviewQueue) -> None:
    accepted(stack)
    assert stack.autotag("clear", "a0", "Musician").stdout == "cleared Musician of stage/a0\n"
    assert "Musician" not in stack.tags("a0")


def test_the_refusal_of_the_opposite_answer_names_the_command_that_takes_the_first_back(stack: FakeReviewQueue) -> None:
    of = accepted(stack)
    result = stack.autotag("reject", "a0", "Musician")
    assert result.exit_code == 1 and f"autotag review undo {of} Musician" in result.stderr


def test_an_answer_in_a_file_takes_back_another(stack: FakeReviewQueue) -> None:
    line = json.dumps({"asset": "a0", "tag": "Musician", "verdict": "undo", "of": accepted(stack)})
    assert stack.autotag("go", "--file", "-", stdin=line).stdout == "took back Musician of stage/a0\n"
    result = stack.autotag("go", "--file", "-", stdin="a0\tMusician\tundo")
    assert result.exit_code == 2 and "names the audit" in result.stderr


def test_audits_shows_which_answer_was_taken_back(stack: FakeReviewQueue) -> None:
    of = accepted(stack)
    stack.autotag("undo", of)
    shown = stack.command("audits", "a0").stdout
    assert f"takes back  {of}" in shown and f"taken back by {CALLER}: Musician" in shown
    assert "ada (team) took back the answer about Musician of October 8, 2026 at 12:03 UTC." in shown
    assert "ada (team) accepted Musician. autotag added Musician." in shown
    assert "Musician is a tag because ada (team) accepted it." in shown
