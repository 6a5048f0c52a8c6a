"""Watching, listing, pausing, resuming and cancelling runs."""

from typing import Any

import pytest

from autotag.domain.errors import Retryable
from autotag.domain.runs.progress import segment_of
from autotag.domain.runs.run import SEGMENTS
from autotag.service.worker import handle
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.runs.run_requests import ADA, NOBODY, show, start, tags

BOB = "arn:aws:sts::123456789012:assumed-role/team/bob"


def control(ops: Ops, run: str, verb: str, by: str = BOB) -> tuple[int, Any]:
    return ops.ask_as(by, {"op": "run_control", "run": run, "verb": verb})


def work(ops: Ops) -> None:
    """Workers empty the bulk queue."""
    while ops.bulk.messages:
        handle(ops.fakes.deps, ops.bulk.messages.pop(0), ops.fakes.remaining)


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


@pytest.mark.parametrize("body", [{"op": "run_list"}, {"op": "run_show"}, {"op": "run_control", "verb": "pause"}])
def test_a_run_can_be_watched_and_stopped_while_the_rules_cannot_be_read(ops: Ops, body: dict[str, Any]) -> None:
    run = start(ops)
    ops.rule_store.publication.fails = Retryable("DynamoDB: InternalServerError")
    status, answer = ops.ask(body if body["op"] == "run_list" else {**body, "run": run})
    assert status == 200, answer
    assert ops.ask({"op": "run_start", "action": "retag"})[0] == 503


def test_a_queue_that_is_down_is_said_so_and_the_page_is_queued_by_who_goes_on(ops: Ops) -> None:
    run = start(ops)
    ops.fakes.effects.die_at = (ops.fakes.effects.done + 2, "before")  # the page is stored, its group is not queued
    ops.fakes.effects.error = Retryable("SQS: ServiceUnavailable")
    status, answer = ops.ask({"op": "run_show", "run": run, "advance": True})
    assert status == 503 and "SQS" in answer["error"]["message"]
    assert ops.bulk.messages and all(segment_of(message.group) != "0" for message in ops.bulk.messages)
    show(ops, run, advance=True)
    work(ops)
    assert show(ops, run, advance=True)["status"] == "done"
    assert set(map(frozenset, tags(ops).values())) == {frozenset({"press", "crowd"})}
