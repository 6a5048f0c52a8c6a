"""``autotag review list``: the questions, as a table and as JSON, in pages."""

import json

import pytest

from tests.fakes.samples import resource
from tests.unit.autotag_cli.fake_review_queue import ASKS, FakeReviewQueue


def test_list_shows_each_question_with_its_confidence_and_threshold_the_oldest_first(stack: FakeReviewQueue) -> None:
    result = stack.autotag("list")
    assert result.exit_code == 0
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["Asset", "Tag", "Confidence,", "threshold", "Since"]
    assert [row.split()[:3] for row in rows] == [
        [f"{n}", "Musician", "0.5754"] for n in ("stage/a0", "zoo/a1", "stage/a2")
    ]
    assert rows[0].split()[-3:] == ["0.70", "2026-10-08", "12:00"] and rows[2].endswith("12:02")
    assert result.stderr == "3 questions about 3 assets wait: musician 3.\n"


def test_list_tells_labels_of_another_name_and_what_the_rules_of_now_say(stack: FakeReviewQueue) -> None:
    stack.fakes.rules.use(ASKS + '[labels.Musician]\ntag = "artist"\n', 1)
    stack.given(resource("b0", {"Musician": 0.6, "Artist": 0.5}))
    out = stack.autotag("list").stdout
    assert "artist (Musician, Artist)" in out
    assert "\\n" not in out and "under the active rules: review, defaults.review" in out


def test_list_says_how_many_tags_wait_for_a_retag_after_the_rules_changed(stack: FakeReviewQueue) -> None:
    assert "retag" not in stack.autotag("list").stderr

    stack.fakes.rules.use("[defaults]\nthreshold = 0.7\n", 2)

    result = stack.autotag("list")
    assert result.stderr.startswith("3 of these tags wait for a retag, as the active rules do not ask about them: ")
    assert "autotag retag --dry-run shows what changes" in result.stderr
    assert "waits for a retag" in stack.autotag("list", "--limit", "1").stderr


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("--folder", "zoo/**"), ["a1"]),
        (("--tag", "musician"), ["a0", "a1", "a2"]),
        (("--tag", "Cat"), []),
        (("--limit", "2"), ["a0", "a1"]),
        ((), ["a0", "a1", "a2"]),
    ],
)
def test_list_as_json_is_an_array_of_what_is_asked(
    stack: FakeReviewQueue, options: tuple[str, ...], names: list[str]
) -> None:
    result = stack.autotag("list", "--json", *options)
    assert [entry["asset"]["asset_id"] for entry in json.loads(result.stdout)] == names


def test_list_says_where_there_is_more_and_where_there_is_nothing(stack: FakeReviewQueue) -> None:
    assert "the 2 oldest; --limit lists more" in stack.autotag("list", "--limit", "2").stderr
    assert "--limit" not in stack.autotag("list", "--limit", "3").stderr
    nothing = stack.autotag("list", "--tag", "Cat")
    assert (nothing.exit_code, nothing.stdout) == (0, "") and "No tag is in review" in nothing.stderr


def test_list_goes_through_all_pages() -> None:
    stack = FakeReviewQueue(120)
    assert len(json.loads(stack.autotag("list", "--json", "--limit", "1000").stdout)) == 120
    assert len(stack.ops.received) == 2
