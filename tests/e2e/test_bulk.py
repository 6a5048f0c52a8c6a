"""Runs over a library on the deployed stack: a retag with its worker killed, its revert, and a backfill by the hour."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autotag.adapters.aws.dynamodb.asset_items import state_from_item
from autotag.domain.runs.run import SEGMENTS, Asked, BackfillSource, Filter, RevertSelection
from autotag.service.runs.requests import PlanRun, StartRun
from autotag_cli.input.rules_file import SHIPPED
from local.clients.cloudinary import upload
from local.clients.functions import invoke_function
from local.clients.queues import short_visibility_timeout
from local.clients.simulator_control import Tags, add_fault, recorded_calls, seed_assets, tags_of, times_applied
from local.clients.tables import is_unfinished, table_items
from local.clients.time_shift import finish_hour_by_hour, make_asset_due, make_due, start_hour
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.process_kills import function_processes, kill
from local.stress.tag_plans import TagPlan, apply_plan
from tests.e2e.stack_client import SOON, audits, ops, simulator_control, wait_for_audits

SIZE, FOLDER = 200, "e2e/bulk"
NAMES = [f"{FOLDER}/{number:06d}" for number in range(1, SIZE + 1)]
OTHER = f"""{SHIPPED.read_text(encoding="utf-8")}
[[when]]
name = "sure ones"
folder = "{FOLDER}"  # no other test uploads there
format = ["jpg"]
set = {{ threshold = 0.93 }}
[[when]]
folder = "{FOLDER}"
format = ["png"]
add = ["archive"]
"""

FAST = 1000
"""Assets a second: these tests are not about the pace."""

UNKNOWN, PREFIX, LIMIT = 60, "e2e/lost/", 20


def tags(stack: Stack, prefix: str = f"{FOLDER}/") -> Tags:
    """Return the tags that Cloudinary has, by public_id."""
    return tags_of(stack, prefix)


def items(stack: Stack, prefix: str) -> list[dict[str, Any]]:
    """Return the items of assets whose public_id begins with ``prefix``."""
    states = table_items(stack, stack.outputs["StateTableName"])
    return [item for item in states if item.get("public_id", {}).get("S", "").startswith(prefix)]


def is_settled(stack: Stack, prefix: str, count: int) -> bool:
    """Whether ``count`` assets are stored and none of them has unfinished work."""
    found = items(stack, prefix)
    return len(found) == count and not any(is_unfinished(state_from_item(item)) for item in found)


def edit_as_person(stack: Stack, public_id: str, **change: list[str]) -> None:
    """Change tags as a person in the Console; wait for the audit of a removal."""
    audits_before = len(audits(stack, public_id))
    simulator_control(stack, "POST", "person/tags", json={"public_id": public_id, **change})
    if "remove" in change:
        wait_for_audits(stack, public_id, count=audits_before + 1)


def planned_changes(stack: Stack, action: Asked, undo: RevertSelection | None = None) -> TagPlan:
    """Return what a run over the folder would add and remove, by public_id."""
    found = {}
    for segment in range(SEGMENTS):
        cursor: str | None = ""
        while cursor is not None:
            request = PlanRun(
                action=action,
                filter=Filter(folder=FOLDER),
                undo=undo or RevertSelection(),
                segment=segment,
                cursor=cursor,
                limit=40,
            )
            page = ops(stack).plan_run(request)
            for each in page["assets"]:
                found[each["asset"]["public_id"]] = (set(each["add"]), set(each["remove"]))
            cursor = page["cursor"]
    return found


def finish(stack: Stack, run: str, *, within: float = 2 * SOON) -> dict[str, Any]:
    """Advance a run until it is done, without the pause before it looks again for missed assets; return it."""

    def done() -> dict[str, Any] | None:
        make_due(stack, f"RUN#{run}")
        shown = ops(stack).show_run(run, advance=True)
        return shown if shown["status"] != "running" else None

    found = until(done, f"the end of run {run}", within=within, every=0.3)
    assert found["status"] == "done", found
    return found


@pytest.fixture(scope="module", autouse=True)
def messages_come_back_soon(stack: Stack) -> Iterator[None]:
    """Messages of a killed worker come back after seconds instead of minutes."""
    with short_visibility_timeout(stack, 8, "BulkQueueUrl"):
        yield


@pytest.fixture(scope="module")
def library(stack: Stack) -> Iterator[Tags]:
    """Assets that were tagged as they came; of one of them a person then took a tag away. Their tags by then."""
    seed_assets(stack, f"{FOLDER}/", SIZE, within=SOON, variety=12, tags=["press"])
    until(lambda: is_settled(stack, f"{FOLDER}/", SIZE), "the library to be tagged", within=2 * SOON, every=0.5)
    (removed,) = sorted(tags(stack)[NAMES[0]] - {"press"})[:1]
    edit_as_person(stack, NAMES[0], remove=[removed])
    found = tags(stack)
    assert all("press" in has for has in found.values()) and removed not in found[NAMES[0]]
    yield found
    ops(stack).push_rules(SHIPPED.read_text(encoding="utf-8"), None)


@pytest.fixture(scope="module")
def retag(stack: Stack, folder: Path, library: Tags) -> tuple[str, Tags]:
    """A retag whose workers were killed in the middle, while people and uploads went on; its id, and its plan's end."""
    ops(stack).push_rules(OTHER, None)
    plan = planned_changes(stack, "retag")
    wanted = apply_plan(library, plan)
    run = str(ops(stack).start_run(StartRun(action="retag", filter=Filter(folder=FOLDER), rate=FAST))["id"])
    number = add_fault(stack, {"path": "*/tags", "method": "POST"}, {"delay": 10.0})

    def is_in_flight() -> bool:
        ops(stack).show_run(run, advance=True)
        return times_applied(stack, number) > 0

    until(is_in_flight, "a joint call to be on its way", within=SOON, every=0.05)
    assert sum(map(kill, function_processes(folder, "Worker"))) >= 1
    simulator_control(stack, "DELETE", f"faults/{number}")
    left = [item for item in items(stack, f"{FOLDER}/") if item.get("due", {}).get("S", "").startswith("INTENT#")]
    assert left, "nobody was at work when the workers were killed"

    upload(stack.simulator_url, f"{FOLDER}-live/guitarist")
    edit_as_person(stack, NAMES[1], add=["mine"])
    wanted[NAMES[1]] |= {"mine"}
    (live,) = wait_for_audits(stack, f"{FOLDER}-live/guitarist")
    assert live["outcome"] == "tagged"

    for item in left:
        assert make_asset_due(stack, item["pk"]["S"].removeprefix("ASSET#"), "intent"), "its owner is alive"

    def swept() -> bool:
        assert invoke_function(stack, "Poller", {"source": "aws.events"}).error is None
        return is_settled(stack, f"{FOLDER}/", SIZE)

    until(swept, "what the killed workers had left to be finished", within=2 * SOON, every=0.5)
    finish(stack, run)
    until(lambda: is_settled(stack, f"{FOLDER}/", SIZE), "nothing to be under way", within=SOON, every=0.3)
    assert {name for name, (add, remove) in plan.items() if add or remove}, "the other rules change nothing"
    return run, wanted


def test_a_retag_ends_as_its_plan_said_though_its_workers_were_killed(
    stack: Stack, library: Tags, retag: tuple[str, Tags]
) -> None:
    run, wanted = retag
    assert tags(stack) == wanted != library
    shown = ops(stack).show_run(run)
    assert (shown["status"], shown["segments"]["through"], shown["under_way"]) == ("done", SEGMENTS, 0)
    assert shown["counts"]["planned"] >= SIZE // 2 and planned_changes(stack, "retag") == {}


def test_every_asset_that_it_changed_has_one_audit_that_names_the_run(
    stack: Stack, library: Tags, retag: tuple[str, Tags]
) -> None:
    run, wanted = retag
    for name in NAMES:
        found = [audit for audit in audits(stack, name) if audit["trigger"]["kind"] == "retag"]
        differs = (wanted[name] - {"mine"}) != library[name]
        assert len(found) <= 1 and (found or not differs), name
        for audit in found:
            assert audit["trigger"]["request_id"] == run
            before = set(audit["tags"]["before"])
            assert (before | set(audit["tags"]["added"])) - set(audit["tags"]["removed"]) >= wanted[name] - {"mine"}


def test_a_retag_makes_far_fewer_calls_than_it_changes_assets(stack: Stack, retag: tuple[str, Tags]) -> None:
    counts = ops(stack).show_run(retag[0])["counts"]
    made = recorded_calls(stack, path="*/tags", method="POST")
    joint = [each for each in made if len(each["params"].get("public_ids", [])) > 1]
    assert joint and counts["calls"] <= counts["planned"] / 2


def test_its_revert_brings_every_tag_back_and_leaves_what_people_did(
    stack: Stack, library: Tags, retag: tuple[str, Tags]
) -> None:
    run, wanted = retag
    undo = RevertSelection(run=run)
    before = {name: has | ({"mine"} if name == NAMES[1] else set()) for name, has in library.items()}
    assert apply_plan(wanted, planned_changes(stack, "revert", undo)) == before
    reverted = revert(stack, undo)
    assert tags(stack) == before
    assert planned_changes(stack, "revert", undo) == {}

    revert(stack, RevertSelection(run=reverted))
    assert tags(stack) == wanted


def revert(stack: Stack, undo: RevertSelection) -> str:
    """Revert in the folder, and return the run once nothing is under way."""
    run = str(ops(stack).start_run(StartRun(action="revert", filter=Filter(folder=FOLDER), undo=undo, rate=FAST))["id"])
    finish(stack, run)
    until(lambda: is_settled(stack, f"{FOLDER}/", SIZE), "nothing to be under way", within=SOON, every=0.3)
    return run


@pytest.fixture
def few_admin_calls(stack: Stack) -> Iterator[None]:
    """An account that allows few Admin calls an hour, at the beginning of an unused hour."""
    before = simulator_control(stack, "PUT", "settings", json={"admin_limit": LIMIT})
    assert before["admin_limit"] == LIMIT
    yield
    simulator_control(stack, "PUT", "settings", json={"admin_limit": 2000})
    start_hour(stack, 0)


def test_a_backfill_finds_what_was_never_notified_within_the_hourly_limit(stack: Stack, few_admin_calls: None) -> None:
    seen = len(recorded_calls(stack, path="*/resources/*"))
    simulator_control(stack, "POST", "seed", json={"count": UNKNOWN, "prefix": PREFIX, "notifications": "lost"})
    run = str(ops(stack).start_run(StartRun(action="backfill", listing=BackfillSource(prefix=PREFIX)))["id"])

    done = finish_hour_by_hour(stack, run, within=2 * SOON)
    assert (done["status"], done["counts"]["done"], done["counts"]["failed"]) == ("done", UNKNOWN, 0)
    made = recorded_calls(stack, path="*/resources/*")[seen:]
    by_hour = Counter(each["at"][:13] for each in made)
    assert max(by_hour.values()) <= LIMIT and len(by_hour) >= UNKNOWN // LIMIT
    assert {each["status"] for each in made} == {200}

    until(lambda: is_settled(stack, PREFIX, UNKNOWN), "nothing to be under way", within=SOON, every=0.3)
    known = tags(stack, PREFIX)
    assert len(known) == UNKNOWN and any(known.values())
    for name in sorted(known)[::6]:
        (audit,) = audits(stack, name)
        assert (audit["trigger"]["kind"], audit["trigger"]["request_id"]) == ("backfill", run)
        assert set(audit["tags"]["added"]) == known[name] == set(ops(stack).show(name)["tags"]["ours"])
