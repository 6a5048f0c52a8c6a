"""The review queue in two orders, and what each page tells besides the questions."""

import pytest
from msgspec.structs import replace

from tests.fakes.samples import resource
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import NAMES, given, listed


@pytest.fixture
def ops(ops: Ops) -> Ops:
    """Two more assets, of which one is asked about two tags."""
    given(ops, resource("e5", {"Musician": 0.69, "Cat": 0.5}, tags=("zebra", "ant")))
    given(ops, resource("f6", {"Musician": 0.5}))
    return ops


def test_the_most_confident_question_comes_first_over_pages(ops: Ops) -> None:
    first, cursor = listed(ops, tag="musician", order="confidence", limit=2)
    rest, end = listed(ops, tag="musician", order="confidence", limit=10, cursor=cursor)
    assert (first + rest, end) == (["e5", *NAMES, "f6"], None)
    assert listed(ops, tag="Cat", order="confidence") == (["e5"], None)


def test_what_the_index_does_not_know_comes_last_and_only_if_it_is_asked_about(ops: Ops) -> None:
    ops.reviews.unindexed = {"e5", "f6"}
    assert listed(ops, tag="cat", order="confidence") == (["e5"], None)
    assert listed(ops, tag="cat") == (["e5"], None)
    assert listed(ops, tag="musician", order="confidence") == ([*NAMES, "e5", "f6"], None)
    assert listed(ops, folder="zoo") == (["a1", "ccc3"], None)


def test_an_order_without_a_tag_and_a_cursor_of_the_other_order_are_refused(ops: Ops) -> None:
    assert ops.ask({"op": "review_list", "order": "confidence"}) == (
        400,
        {"error": {"message": "request: the order 'confidence' needs a tag"}},
    )
    _, cursor = listed(ops, limit=1)
    status, answer = ops.ask({"op": "review_list", "order": "confidence", "tag": "cat", "cursor": cursor})
    assert (status, answer["error"]["message"]) == (400, "cursor: expected one of the order 'confidence'")
    _, cursor = listed(ops, tag="musician", order="confidence", limit=1)
    assert ops.ask({"op": "review_list", "cursor": cursor})[0] == 400


def test_a_page_tells_the_cloud_the_number_that_waits_and_the_tags_on_each_picture(ops: Ops) -> None:
    ops.reviews.cloud = "demo"
    _, page = ops.ask({"op": "review_list", "tag": "Cat"})
    assert (page["cloud_name"], page["waiting"], page["partial"]) == ("demo", 1, False)
    assert page["assets"][0]["current_tags"] == ["ant", "zebra"]


def test_the_number_that_waits_is_not_told_where_the_queue_was_not_read_to_its_end(ops: Ops) -> None:
    ops.reviews.page_size = 1
    for n in range(40):
        given(ops, resource(f"g{n:015d}", {"Musician": 0.6}))
    _, page = ops.ask({"op": "review_list", "limit": 1})
    assert page["waiting"] is None and page["cursor"]


def test_an_asset_that_was_answered_since_the_index_was_read_is_left_out(ops: Ops) -> None:
    state = ops.fakes.store.items["bb2"]
    page = ops.reviews.page

    def stale(shard: int, *args: int, **more: object) -> object:
        ops.fakes.store.items["bb2"] = state
        found = page(shard, *args, **more)  # type: ignore[arg-type]
        ops.fakes.store.items["bb2"] = replace(state, review=(), ask={})
        return found

    ops.reviews.page = stale  # type: ignore[method-assign,assignment]
    assert listed(ops)[0] == ["a1", "ccc3", "dddd4", "e5", "f6"]


def test_an_asset_that_waits_since_later_than_the_index_says_is_listed_only_behind(ops: Ops) -> None:
    state = ops.fakes.store.items["bb2"]
    page = ops.reviews.page

    def stale(shard: int, *args: int, **more: object) -> object:
        ops.fakes.store.items["bb2"] = state
        found = page(shard, *args, **more)  # type: ignore[arg-type]
        ops.fakes.store.items["bb2"] = replace(state, asked_at=ops.fakes.clock.time)
        return found

    ops.reviews.page = stale  # type: ignore[method-assign,assignment]
    assert listed(ops)[0] == ["a1", "ccc3", "dddd4", "e5", "f6"]
    del ops.reviews.page
    assert listed(ops)[0] == ["a1", "ccc3", "dddd4", "e5", "f6", "bb2"]
