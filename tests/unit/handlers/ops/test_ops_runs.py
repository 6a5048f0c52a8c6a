"""Bulk runs as operators ask for them: tried out, started, watched, stopped and gone on with."""

from typing import Any
from zlib import crc32

import pytest

from autotag.domain.errors import Retryable
from autotag.domain.runs.run import SEGMENTS
from autotag.service.worker import handle
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.handlers.ops.ops_requests import Ops

ADA = "arn:aws:sts::123456789012:assumed-role/team/ada"
BOB = "arn:aws:sts::123456789012:assumed-role/team/bob"
STRICT = '[defaults]\nthreshold = 0.9\n[labels.People]\ntag = "crowd"\n'
NOBODY = "f" * 32


@pytest.fixture
def ops() -> Ops:
    """Five assets with the tags People and Guitar, under rules that would now say crowd alone."""
    ops = Ops()
    for n in range(5):
        body = resource(f"a{n}", GUITARIST, tags=("press",))
        ops.fakes.cloudinary.assets[f"a{n}"] = body
        handle(ops.fakes.deps, upload(body, digest=f"d{n}"), ops.fakes.remaining)
    ops.rule_store.push(STRICT)
    ops.fakes.rules.use(STRICT, 1)
    return ops


def plan(ops: Ops, **asked: Any) -> dict[str, tuple[list[str], list[str]]]:
    """Return what a run would change, by asset, from every segment."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for segment in range(SEGMENTS):
        cursor = ""
        while cursor is not None:
            body = {"op": "run_plan", "action": "retag", "segment": segment, "cursor": cursor, "limit": 1, **asked}
            status, page = ops.ask(body)
            assert status == 200, page
            found |= {each["asset"]["asset_id"]: (each["add"], each["remove"]) for each in page["assets"]}
            cursor = page["cursor"]
    return found


def test_a_page_of_a_plan_fits_into_lambdas_answer_and_no_asset_is_left_out() -> None:
    ops = Ops()
    names = [name for name in (f"a{n}" for n in range(100)) if crc32(name.encode()) % SEGMENTS == 0][:16]
    for name in names:
        body = resource(name, {f'label "{n}" {"x" * 200}': 0.95 for n in range(1000)})
        ops.fakes.cloudinary.assets[name] = body
        handle(ops.fakes.deps, upload(body, digest=name), ops.fakes.remaining)
    prefixed = '[defaults]\nprefix = "ai-"\n'
    ops.rule_store.push(prefixed)
    ops.fakes.rules.use(prefixed, 1)

    pages: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None:
        status, page = ops.ask({"op": "run_plan", "action": "retag", "cursor": cursor, "limit": 500})
        assert status == 200 and page["seen"] == len(page["assets"])
        assert all(len(each["add"]) == len(each["remove"]) == 1000 for each in page["assets"])
        pages.append([each["asset"]["asset_id"] for each in page["assets"]])
        cursor = page["cursor"]
    assert [len(page) for page in pages] == [7, 9]  # 500, halved until they fit
    assert sorted(name for page in pages for name in page) == sorted(names)


def start(ops: Ops, **asked: Any) -> str:
    status, run = ops.ask_as(ADA, {"op": "run_start", "action": "retag", **asked})
    assert status == 200, run
    return str(run["id"])


def test_a_retag_alone_can_have_assets_read_again(ops: Ops) -> None:
    assert [ops.fakes.runs.items[start(ops, **asked)].refresh for asked in ({}, {"refresh": True})] == [False, True]
    status, answer = ops.ask_as(ADA, {"op": "run_start", "action": "backfill", "refresh": True})
    assert (status, "refresh" in answer["error"]["message"]) == (400, True)


def show(ops: Ops, run: str, *, advance: bool = False) -> dict[str, Any]:
    status, shown = ops.ask({"op": "run_show", "run": run, "advance": advance})
    assert status == 200, shown
    return dict(shown)


def control(ops: Ops, run: str, verb: str, by: str = BOB) -> tuple[int, Any]:
    return ops.ask_as(by, {"op": "run_control", "run": run, "verb": verb})


def work(ops: Ops) -> None:
    """Workers empty the bulk queue."""
    while ops.bulk.messages:
        handle(ops.fakes.deps, ops.bulk.messages.pop(0), ops.fakes.remaining)


def tags(ops: Ops) -> dict[str, set[str]]:
    return {asset_id: set(body["tags"]) for asset_id, body in ops.fakes.cloudinary.assets.items()}


def test_a_plan_tells_page_by_page_what_would_change_and_changes_nothing(ops: Ops) -> None:
    before, effects = tags(ops), ops.fakes.effects.done
    assert plan(ops) == {f"a{n}": (["crowd"], ["Guitar", "People"]) for n in range(5)}
    assert plan(ops, filter={"assets": ["a3", "stage/a1"]}).keys() == {"a1", "a3"}
    assert plan(ops, action="revert") == {f"a{n}": ([], ["Guitar", "People"]) for n in range(5)}
    assert (tags(ops), ops.fakes.effects.done) == (before, effects)
    assert ops.ask({"op": "run_list"}) == (200, {"runs": []})


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


def test_a_plan_says_how_many_it_looked_at_and_whom_a_person_would_be_asked_about(ops: Ops) -> None:
    rules = "[defaults]\nthreshold = 0.9\nreview = 0.5\n"
    ops.rule_store.push(rules)
    ops.fakes.rules.use(rules, 2)
    pages = [ops.ask({"op": "run_plan", "action": "retag", "segment": segment})[1] for segment in range(SEGMENTS)]
    assert sum(page["seen"] for page in pages) == 5
    assert [each["review"] for page in pages for each in page["assets"]] == [["Guitar", "Musician"]] * 5


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


def test_a_run_goes_as_fast_as_it_is_told(ops: Ops) -> None:
    status, run = ops.ask({"op": "run_start", "action": "revert", "rate": 3})
    assert (status, run["rate"]) == (200, 3) and "free_at" not in run


def test_a_run_is_watched_to_its_end_and_does_what_its_plan_said(ops: Ops) -> None:
    run = start(ops)
    assert show(ops, run)["segments"]["through"] == 0  # looking does not go on with it
    shown = show(ops, run, advance=True)
    assert shown["segments"] == {"through": SEGMENTS, "of": SEGMENTS} and shown["under_way"] > 0
    assert (shown["counts"]["seen"], shown["counts"]["planned"], shown["status"]) == (5, 5, "running")
    work(ops)
    shown = show(ops, run)
    assert (shown["status"], shown["under_way"], shown["counts"]["done"]) == ("done", 0, 5)
    assert shown["ended_at"] > shown["created_at"]
    assert set(map(frozenset, tags(ops).values())) == {frozenset({"press", "crowd"})}
    assert {a.trigger.request_id for a in ops.fakes.audits.records.values() if a.trigger.kind == "retag"} == {run}


def test_going_on_with_what_is_over_changes_nothing(ops: Ops) -> None:
    run = start(ops)
    show(ops, run, advance=True)
    work(ops)
    done = show(ops, run)
    assert show(ops, run, advance=True) == done


def test_runs_are_listed_the_youngest_first(ops: Ops) -> None:
    first, second = start(ops), start(ops, action="revert")
    status, listed = ops.ask({"op": "run_list"})
    assert status == 200 and [run["id"] for run in listed["runs"]] == [second, first]
    assert listed["runs"][0] == show(ops, second)


def test_a_run_is_paused_gone_on_with_and_cancelled_and_says_by_whom(ops: Ops) -> None:
    run = start(ops)
    show(ops, run, advance=True)
    status, paused = control(ops, run, "pause")
    assert (status, paused["status"], paused["why"]) == (200, "paused", f"by {BOB}")
    before = tags(ops)
    work(ops)
    assert show(ops, run, advance=True)["status"] == "paused" and tags(ops) == before
    status, resumed = control(ops, run, "resume")
    assert (status, resumed["status"], resumed["why"], resumed["under_way"]) == (200, "running", "", 0)
    status, cancelled = control(ops, run, "cancel", ADA)
    assert (status, cancelled["status"], cancelled["why"]) == (200, "cancelled", f"by {ADA}")
    told = [
        (fields["verb"], fields["caller"]) for event, fields in ops.fakes.telemetry.lines if event == "run_controlled"
    ]
    assert told == [("pause", BOB), ("resume", BOB), ("cancel", ADA)]


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
def test_a_run_that_is_over_cannot_be_told_anything(ops: Ops, verb: str) -> None:
    run = start(ops)
    control(ops, run, "cancel")
    status, answer = control(ops, run, verb)
    assert status == 409 and answer["error"]["message"].endswith(f"the run is cancelled, so you cannot {verb} it")


def test_a_running_run_cannot_be_gone_on_with(ops: Ops) -> None:
    status, answer = control(ops, start(ops), "resume")
    assert status == 409 and "running" in answer["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [{"op": "run_show"}, {"op": "run_show", "advance": True}, {"op": "run_control", "verb": "pause"}],
    ids=["show", "advance", "control"],
)
def test_a_run_that_there_is_not_is_not_found(ops: Ops, body: dict[str, Any]) -> None:
    status, answer = ops.ask({**body, "run": NOBODY})
    assert status == 404 and NOBODY in answer["error"]["message"]


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


def test_rules_that_cannot_be_had_yet_delay_a_plan_and_nothing_is_decided_by_older_ones(ops: Ops) -> None:
    ops.fakes.rules.use(STRICT, 0)
    status, answer = ops.ask({"op": "run_plan", "action": "retag"})
    assert status == 503 and "only 0 can be loaded" in answer["error"]["message"]


@pytest.mark.parametrize("body", [{"op": "run_list"}, {"op": "run_show"}, {"op": "run_control", "verb": "pause"}])
def test_a_run_can_be_watched_and_stopped_while_the_rules_cannot_be_read(ops: Ops, body: dict[str, Any]) -> None:
    run = start(ops)
    ops.rule_store.publication.fails = Retryable("DynamoDB: InternalServerError")
    status, answer = ops.ask(body if body["op"] == "run_list" else {**body, "run": run})
    assert status == 200, answer
    assert ops.ask({"op": "run_start", "action": "retag"})[0] == 503


def test_a_queue_that_is_down_is_said_so_and_the_page_is_queued_by_who_goes_on(ops: Ops) -> None:
    run = start(ops)
    ops.fakes.effects.die_at = (ops.fakes.effects.done + 1, "before")  # the page is stored, its group is not queued
    ops.fakes.effects.error = Retryable("SQS: ServiceUnavailable")
    status, answer = ops.ask({"op": "run_show", "run": run, "advance": True})
    assert status == 503 and "SQS" in answer["error"]["message"] and ops.bulk.messages == []
    show(ops, run, advance=True)
    work(ops)
    assert show(ops, run, advance=True)["status"] == "done"
    assert set(map(frozenset, tags(ops).values())) == {frozenset({"press", "crowd"})}


def test_times_of_a_filter_are_milliseconds_of_the_last_decision(ops: Ops) -> None:
    assert plan(ops, filter={"until": START - 1}) == {}
    assert len(plan(ops, filter={"since": START, "until": START + 3_600_000})) == 5
