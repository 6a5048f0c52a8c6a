"""Starting a run: what it begins with, and requests that are refused."""

from typing import Any

import pytest

from autotag.domain.runs.run import SEGMENTS
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.runs.run_requests import ADA, NOBODY, show, start


def test_a_retag_alone_can_have_assets_read_again(ops: Ops) -> None:
    assert [ops.fakes.runs.items[start(ops, **asked)].refresh for asked in ({}, {"refresh": True})] == [False, True]
    status, answer = ops.ask_as(ADA, {"op": "run_start", "action": "backfill", "refresh": True})
    assert (status, "refresh" in answer["error"]["message"]) == (400, True)


def test_a_run_is_started_in_the_name_of_who_asks_under_the_rules_of_now(ops: Ops) -> None:
    status, run = ops.ask_as(ADA, {"op": "run_start", "action": "retag", "filter": {"tag": "Guitar"}, "max_calls": 9})
    assert status == 200 and (run["by"], run["status"], run["action"]) == (ADA, "running", "retag")
    assert (run["filter"], run["max_calls"], run["rate"], run["rules_seq"]) == ({"tag": "Guitar"}, 9, 25, 1)
    assert run["created_at"].startswith("2026-10-08T") and run["ended_at"] is None
    assert run["segments"] == {"through": 0, "of": SEGMENTS} and run["under_way"] == 0
    assert {"cursors", "outbox", "groups"}.isdisjoint(run)
    assert ops.ask({"op": "run_show", "run": run["id"]}) == (200, run)


def test_a_dry_run_needs_no_limit_of_units_since_it_uses_none(ops: Ops) -> None:
    asked = {"op": "run_start", "action": "backfill", "listing": {"categorize": True}}
    assert ops.ask(asked)[0] == 400
    status, run = ops.ask({**asked, "dry_run": True})
    assert (status, run["dry_run"], run["listing"]) == (200, True, {"categorize": True})


@pytest.mark.parametrize(
    "asked",
    [
        {"action": "revert", "undo": {"run": NOBODY, "tag": "Guitar"}},
        {"action": "backfill", "listing": {"categorize": True, "max_units": 3}},
    ],
    ids=["revert", "backfill"],
)
def test_a_run_is_begun_with_what_it_was_asked_to_do(ops: Ops, asked: dict[str, Any]) -> None:
    status, run = ops.ask({"op": "run_start", **asked})
    assert status == 200 and asked.items() <= run.items()


def test_the_same_request_with_an_id_of_its_own_starts_one_run_and_another_one_is_refused(ops: Ops) -> None:
    asked = {"op": "run_start", "action": "retag", "run": NOBODY, "rate": 3}
    first, second = ops.ask_as(ADA, asked), ops.ask_as(ADA, asked)
    assert first == second and first[0] == 200 and list(ops.fakes.runs.items) == [NOBODY]
    status, answer = ops.ask_as(ADA, asked | {"rate": 4})
    assert status == 409 and NOBODY in answer["error"]["message"]
    assert ops.ask({"op": "run_start", "action": "retag", "run": "x"})[0] == 400


def test_a_run_goes_as_fast_as_it_is_told(ops: Ops) -> None:
    status, run = ops.ask({"op": "run_start", "action": "revert", "rate": 3})
    assert (status, run["rate"]) == (200, 3) and "free_at" not in run


@pytest.mark.parametrize(
    "body",
    [
        {"op": "run_plan"},
        {"op": "run_plan", "action": "delete"},
        {"op": "run_plan", "action": "retag", "extra": 1},
        {"op": "run_plan", "action": "retag", "max_calls": 1},
        {"op": "run_plan", "action": "retag", "rate": 1},
        {"op": "run_plan", "action": "retag", "filter": {"folders": "x"}},
        {"op": "run_plan", "action": "retag", "filter": {"folder": 1}},
        {"op": "run_plan", "action": "retag", "filter": {"since": -1}},
        {"op": "run_plan", "action": "retag", "filter": {"statuses": ["taged"]}},
        {"op": "run_plan", "action": "retag", "filter": {"assets": ["x"] * 1001}},
        {"op": "run_plan", "action": "retag", "segment": SEGMENTS},
        {"op": "run_plan", "action": "retag", "segment": -1},
        {"op": "run_plan", "action": "retag", "limit": 0},
        {"op": "run_plan", "action": "retag", "limit": 501},
        {"op": "run_plan", "action": "retag", "cursor": "x" * 1025},
        {"op": "run_plan", "action": "revert", "undo": {"runs": NOBODY}},
        {"op": "run_plan", "action": "backfill"},
        {"op": "run_start"},
        {"op": "run_start", "action": "retag", "segment": 0},
        {"op": "run_start", "action": "retag", "max_calls": -1},
        {"op": "run_start", "action": "retag", "rate": 0},
        {"op": "run_start", "action": "retag", "rate": 1001},
        {"op": "run_start", "action": "backfill", "rate": 5},
        {"op": "run_start", "action": "backfill", "max_calls": 5},
        {"op": "run_start", "action": "retag", "dry_run": True},
        {"op": "run_start", "action": "revert", "dry_run": True},
        {"op": "run_start", "action": "retag", "by": "eve"},
        {"op": "run_start", "action": "backfill", "listing": {"categorize": True}},
        {"op": "run_start", "action": "backfill", "listing": {"resource_type": "raw"}},
        {"op": "run_start", "action": "backfill", "listing": {"type": "fetch"}},
        {"op": "run_start", "action": "backfill", "listing": {"units": 1}},
        {"op": "run_show"},
        {"op": "run_show", "run": "RULES#ACTIVE"},
        {"op": "run_show", "run": NOBODY, "go": True},
        {"op": "run_show", "run": NOBODY.upper()},
        {"op": "run_list", "limit": 1},
        {"op": "run_control", "run": NOBODY},
        {"op": "run_control", "run": NOBODY, "verb": "delete"},
        {"op": "run_control", "run": NOBODY, "verb": "pause", "why": "x"},
        {"op": "run_control", "run": "../x", "verb": "pause"},
    ],
)
def test_a_request_that_is_none_is_refused_with_a_sentence_and_begins_nothing(ops: Ops, body: object) -> None:
    status, answer = ops.ask(body)
    assert status == 400 and answer["error"]["message"]
    assert ops.fakes.runs.items == {}


def test_a_backfill_is_tried_out_by_starting_it_and_is_left_to_the_poller(ops: Ops) -> None:
    """Operators' function has no secret of Cloudinary's, so it cannot list anything."""
    run = start(ops, action="backfill", dry_run=True, listing={"prefix": "stage/"})
    before = ops.fakes.runs.items[run]
    shown = show(ops, run, advance=True)
    assert (shown["dry_run"], shown["listing"], shown["segments"]) == (
        True,
        {"prefix": "stage/"},
        {"through": 0, "of": 1},
    )
    assert ops.fakes.runs.items[run] == before
