"""The list of the review queue: its order, its pages, its filters, and what it says of each question."""

from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.adapters.threads import Threads
from autotag.domain.errors import Invalid
from autotag.domain.review.waiting import Place, cursor_of
from autotag.domain.rules.compiled.ruleset import ActiveRules
from autotag.service.review.queue import ReviewList, ReviewSources, review_list
from tests.fakes.rules import FixedRules
from tests.fakes.runtime import START
from tests.fakes.samples import resource
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import ASKS, NAMES, given, listed


def test_the_oldest_question_comes_first_whatever_its_partition(ops: Ops) -> None:
    assert listed(ops) == (NAMES, None)


def test_pages_follow_each_other_by_their_cursor(ops: Ops) -> None:
    found: list[str] = []
    cursor: str | None = ""
    pages = 0
    while cursor is not None:
        page, cursor = listed(ops, limit=1, cursor=cursor)
        found += page
        pages += 1
    assert found == NAMES and pages == len(NAMES)


def test_questions_of_the_same_moment_are_all_listed_once(ops: Ops) -> None:
    for name, state in ops.fakes.store.items.items():
        ops.fakes.store.items[name] = replace(state, asked_at=START)
    first, cursor = listed(ops, limit=2)
    rest, end = listed(ops, limit=10, cursor=cursor)
    assert sorted(first + rest) == NAMES and end is None


def test_a_question_tells_all_that_a_person_needs_to_answer(ops: Ops) -> None:
    ops.fakes.rules.use(ASKS + '[labels.Musician]\nthreshold = 0.9\ntag = "artist"\n', 1)
    given(ops, resource("e5", {"Musician": 0.5754, "Artist": 0.55}, version=200))
    _, page = ops.ask({"op": "review_list", "tag": "Artist"})
    (entry,) = page["assets"]
    assert entry["asset"] == {
        "asset_id": "e5",
        "public_id": "stage/e5",
        "resource_type": "image",
        "type": "upload",
        "version": 200,
    }
    assert (entry["format"], entry["folder"]) == ("jpg", "stage")
    assert entry["since"].startswith("2026-10-08T12:")
    (tag,) = entry["tags"]
    assert tag == {
        "tag": "artist",
        "labels": [
            {"label": "Musician", "provider": "aws_rek_tagging", "confidence": 0.5754},
            {"label": "Artist", "provider": "aws_rek_tagging", "confidence": 0.55},
        ],
        "threshold": 0.9,
        "review": 0.5,
        "because": "defaults.review",
        "asked": True,
        "sample": False,
    }


def test_a_tag_that_the_active_rules_do_not_ask_about_is_listed_with_what_they_say(ops: Ops) -> None:
    ops.fakes.rules.use("[defaults]\nthreshold = 0.5\n", 1)
    _, page = ops.ask({"op": "review_list", "limit": 1})
    ((tag,),) = [entry["tags"] for entry in page["assets"]]
    assert (tag["tag"], tag["asked"]) == ("Musician", False)
    assert tag["because"] == "under the active rules: kept, defaults.threshold"
    assert [label["confidence"] for label in tag["labels"]] == [0.5754]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"folder": "zoo"}, ["a1", "ccc3"]),
        ({"folder": "st*/**"}, ["bb2", "dddd4"]),
        ({"folder": "nowhere"}, []),
        ({"tag": "musician"}, NAMES),
        ({"tag": "Guitar"}, []),
    ],
)
def test_a_filter_leaves_over_what_it_says(ops: Ops, asked: dict[str, Any], found: list[str]) -> None:
    assert listed(ops, **asked) == (found, None)


def test_a_page_of_one_tag_brings_the_other_questions_about_its_assets_along(ops: Ops) -> None:
    given(ops, resource("e5", {"Musician": 0.5754, "Guitar": 0.55}, version=200))
    _, page = ops.ask({"op": "review_list", "tag": "Guitar"})
    (entry,) = page["assets"]
    assert [[each["tag"] for each in entry[name]] for name in ("tags", "others")] == [["Guitar"], ["Musician"]]
    _, page = ops.ask({"op": "review_list"})
    assert all(not entry["others"] for entry in page["assets"])


class SlowRules(FixedRules):
    """Rules that are read longer than the rest of a request takes."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = Event()

    def active(self, *, at_least: int = 0) -> ActiveRules:
        Event().wait(0.2)
        self.ended.set()
        return super().active(at_least=at_least)


def test_a_refused_request_leaves_no_call_running_behind_its_answer(ops: Ops) -> None:
    """Lambda would freeze it, and the next request would wait for it."""
    rules = SlowRules()
    sources = ReviewSources(ops.reviews, ops.states, rules, ops.reviews, Threads())
    other = cursor_of(Place(-5, "9" * 32), "confidence")
    with pytest.raises(Invalid):
        review_list(sources, ReviewList(cursor=other), lambda: True)
    assert rules.ended.is_set()
