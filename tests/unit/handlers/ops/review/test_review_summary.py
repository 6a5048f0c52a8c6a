"""The numbers of questions in the review queue: by tag, by folder, and what they leave out."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.samples import resource
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import NAMES, decide, given, listed, work

HALF_A_MINUTE = 30


def summary(ops: Ops, **fields: Any) -> dict[str, Any]:
    status, found = ops.ask({"op": "review_summary", **fields})
    assert status == 200, found
    return dict(found)


@pytest.fixture
def ops(ops: Ops) -> Ops:
    """A fifth asset, which is asked about two tags."""
    given(ops, resource("e5", {"Musician": 0.69, "Cat": 0.5}, public_id="stage/e5"))
    return ops


def test_a_summary_tells_the_questions_by_tag_and_folder_and_the_oldest(ops: Ops) -> None:
    ops.reviews.cloud = "demo"
    found = summary(ops)
    _, page = ops.ask({"op": "review_list", "limit": 100})
    since = {entry["asset"]["asset_id"]: entry["since"] for entry in page["assets"]}
    counted_at = found.pop("counted_at")
    assert counted_at.startswith("2026-10-08T12:")
    assert found == {
        "assets": 5,
        "questions": 6,
        "oldest": since["a1"],
        "tags": [
            {"tag": "musician", "questions": 5, "samples": 0, "oldest": since["a1"]},
            {"tag": "cat", "questions": 1, "samples": 0, "oldest": since["e5"]},
        ],
        "folders": [{"folder": "stage", "questions": 4}, {"folder": "zoo", "questions": 2}],
        "tags_left_out": 0,
        "folders_left_out": 0,
        "unindexed": 0,
        "partial": False,
        "cloud_name": "demo",
    }


def test_a_summary_of_a_folder_counts_what_is_in_it(ops: Ops) -> None:
    found = summary(ops, folder="z*")
    assert (found["assets"], found["questions"]) == (2, 2)
    assert [tag["tag"] for tag in found["tags"]] == ["musician"]
    assert found["folders"] == [{"folder": "zoo", "questions": 2}]
    nowhere = summary(ops, folder="nowhere")
    assert (nowhere["assets"], nowhere["oldest"], nowhere["tags"], nowhere["folders"]) == (0, None, [], [])


def test_what_an_earlier_release_wrote_is_counted_without_its_tags(ops: Ops) -> None:
    ops.reviews.unindexed = {"a1", "e5"}
    found = summary(ops)
    assert (found["assets"], found["questions"], found["unindexed"]) == (5, 3, 2)
    assert [tag["tag"] for tag in found["tags"]] == ["musician"]
    assert found["oldest"] < found["tags"][0]["oldest"]


def test_a_count_is_kept_for_half_a_minute(ops: Ops) -> None:
    before = summary(ops)
    decide(ops, ("a1", "Musician", "reject"))
    work(ops)
    assert summary(ops) == before and listed(ops)[0] == [*NAMES[1:], "e5"]
    ops.fakes.clock.advance(HALF_A_MINUTE)
    assert summary(ops)["questions"] == before["questions"] - 1


def test_a_count_that_would_take_too_long_says_that_it_is_of_the_oldest(ops: Ops) -> None:
    for n in range(40):
        given(ops, resource(f"g{n:015d}", {"Musician": 0.6}))
    ops.reviews.page_size = 1
    ops.fakes.clock.step = 25_000  # each look at the clock takes so long
    found = summary(ops)
    assert found["partial"] and 0 < found["assets"] < 45
    assert found["oldest"] == summary(ops)["oldest"]


def test_the_numbers_of_a_thousand_folders_are_told_and_how_many_more_there_are(ops: Ops) -> None:
    known = ops.fakes.store.items["e5"]
    assert known.facts is not None
    for n in range(1200):
        asset = replace(known.asset, asset_id=f"h{n}")
        facts = replace(known.facts, folder=f"f{n}")
        ops.fakes.store.items[f"h{n}"] = replace(known, asset=asset, facts=facts)
    found = summary(ops)
    assert (len(found["folders"]), found["folders_left_out"]) == (1000, 202)
    assert found["questions"] == 2400 + 6 and found["tags_left_out"] == 0
