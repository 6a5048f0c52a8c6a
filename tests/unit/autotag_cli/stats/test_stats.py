"""``autotag stats``: everything that is stored counted once, and what a month of it costs."""

import dataclasses
import json
from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.health import DetectUsage, HourBudget, Opened
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.state.asset_state import AssetState, Status, TagPreference
from autotag.domain.statistics.cost import prices
from autotag.domain.statistics.cost.bill import bill, plus, times
from autotag.domain.statistics.cost.usage import (
    HISTORY_BYTES,
    IDLE_MONTH,
    LIVE_IMAGE,
    STATE_BYTES,
    TRAFFIC_MONTH,
    Usage,
)
from autotag.domain.statistics.counts import quantile
from autotag_cli.stack.environment import Environment
from tests.unit.autotag_cli.fake_ops import FakeOps, refusal
from tests.unit.autotag_cli.run_command import TARGET, autotag, fake_environment

NOW = 1_791_460_800_000
DAY = 86_400_000
RULES = """
name = "acme"
[defaults]
threshold = 0.7
review = 0.5
deny = ["Person"]
[labels.Guitar]
threshold = 0.6
[[when]]
folder = "zoo"
set = { threshold = 0.9 }
"""


def state(number: int, status: Status = "tagged", *, folder: str = "stage", age: int = 1, **changes: Any) -> AssetState:
    found = {"Guitar": 0.65, "Stage": 0.8, "Person": 0.99, "Dog": 0.55, "Cat": 0.1}
    labels = tuple(Label(name, confidence) for name, confidence in found.items())
    known = AssetState(
        AssetRef(f"a{number:03}", f"{folder}/{number}", "image", "upload", 100),
        status,
        facts=Facts(folder, "jpg", {}, (), NOW),
        categorizations={"aws_rek_tagging": Categorization("complete", labels, NOW - age * DAY)},
        managed_tags={"Guitar": ("guitar",), "Stage": ("stage",)},
        review=("Dog",),
        final_at=NOW - age * DAY,
    )
    return replace(known, **changes)


@pytest.fixture
def ops() -> FakeOps:
    """Ten assets of this month, four of one before, one in the zoo, and one that is pending."""
    found = FakeOps()
    found.rule_store.push(RULES)
    states = [state(n) for n in range(10)] + [state(n, "unchanged", age=31) for n in range(10, 14)]
    states.append(state(14, folder="zoo", managed_tags={}, review=()))
    pending = {"aws_rek_tagging": Categorization("pending")}
    states.append(state(15, "pending", categorizations=pending, managed_tags={}, review=(), final_at=0))
    states[0] = state(
        0,
        people={
            "dog": TagPreference("add", NOW, "Dog", ("dog",)),
            "cat": TagPreference("remove", NOW, "Cat", ("cat",)),
            "press": TagPreference("add", NOW, "press", set_by_upload=True),
            "old": TagPreference("remove", NOW, "old", withdrawn=True),
        },
    )
    found.states = {each.asset.asset_id: each for each in states}
    return found


def printed(ops: FakeOps, *arguments: str) -> dict[str, Any]:
    result = autotag("stats", "--stack", "prod", "--json", *arguments, obj=at_now(ops))
    assert (result.exit_code, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def at_now(ops: FakeOps) -> Environment:
    return dataclasses.replace(fake_environment(ops), now=lambda: NOW / 1000)


def test_what_is_stored_is_counted(ops: FakeOps) -> None:
    found = printed(ops)

    assert found["assets"] == {"total": 16, "by_status": {"tagged": 11, "unchanged": 4, "pending": 1}}
    assert found["labels"]["per_asset"] == {"assets": 15, "mean": 5.0, "median": 5, "p95": 5, "most": 5}
    assert found["labels"]["top"] == dict.fromkeys(["Person", "Stage", "Guitar", "Dog", "Cat"], 15)
    assert found["tags"] == {"total": 28, "top": {"Guitar": 14, "Stage": 14}}
    assert found["review"] == {"assets": 14, "tags": 14}
    assert found["people"] == {"assets": 1, "kept": 1, "removed": 1, "brought": 1}


def test_labels_are_decided_on_by_the_active_rules(ops: FakeOps) -> None:
    found = printed(ops)

    assert found["rules"]["name"] == "acme"
    # the one in the zoo has a bar of 0.9, but guitars have their own; a person added a dog to one
    assert found["outcomes"] == {
        "kept": 29,
        "denied": 15,
        "below_threshold": 15,
        "review": 15,
        "present": 1,
    }
    assert found["thresholds"] == [
        {"rule": "defaults.threshold", "threshold": 0.7, "reached": 14, "review": 14, "below": 14},
        {"rule": 'labels."Guitar".threshold', "threshold": 0.6, "reached": 15, "review": 0, "below": 0},
        {"rule": "when[1].set.threshold", "threshold": 0.9, "reached": 0, "review": 2, "below": 1},
    ]


def test_a_month_is_estimated_from_what_was_decided_in_it(ops: FakeOps) -> None:
    month = printed(ops)["last_30_days"]

    assert (month["assets_decided"], month["addon_units"], month["tag_calls"]) == (11, {"aws_rek_tagging": 11}, 10)
    storage = Usage(table_bytes=16 * (STATE_BYTES + HISTORY_BYTES))
    whole = plus(plus(plus(IDLE_MONTH, storage), times(LIVE_IMAGE, 11)), TRAFFIC_MONTH)
    assert month["dollars_total"] == pytest.approx(sum(bill(whole).values()), abs=1e-4)
    assert month["dollars_total"] == pytest.approx(sum(month["dollars"].values()), abs=1e-3)
    assert 0 < month["dollars_idle"] < month["dollars_total"]


@pytest.mark.parametrize(("when", "paid"), [(None, True), ("always", True), ("when_listened", True), ("never", False)])
def test_events_cost_nothing_where_none_is_ever_sent(ops: FakeOps, when: str | None, paid: bool) -> None:
    ops.states = {f"a{n:03}": state(n) for n in range(100)}
    outputs = {"Events": when} if when else {}
    environment = dataclasses.replace(at_now(ops), find=lambda *_: TARGET._replace(outputs=outputs))
    result = autotag("stats", "--stack", "prod", "--json", obj=environment)
    assert (json.loads(result.stdout)["last_30_days"]["dollars"]["EventBridge"] > 0) == paid


def test_the_state_of_the_limits_is_told(ops: FakeOps) -> None:
    ops.probes.used = HourBudget(120, closed=False)
    assert printed(ops)["now"] == {
        "admin_calls_this_hour": {"used": 120, "closed": False, "hints": 0},
        "breaker": None,
        "rekognition_calls_today": None,
    }
    ops.probes.open = Opened(NOW, "401")
    assert printed(ops)["now"]["breaker"]["reason"] == "401"


def test_calls_of_rekognition_and_what_they_cost_are_told(ops: FakeOps) -> None:
    found = Categorization("complete", (Label("Guitar", 0.9),), NOW - DAY, model="3.1", source="url")
    ops.states = {f"a{n:03}": state(n, categorizations={"rekognition": found}) for n in range(100)}
    ops.probes.detected = DetectUsage(12, 1000, "3.1", "3.0", NOW)
    ops.deps = replace(ops.deps, probes=ops.probes.probes)
    told = printed(ops)
    assert told["now"]["rekognition_calls_today"]["used"] == 12
    assert (told["last_30_days"]["rekognition_calls"], told["last_30_days"]["addon_units"]) == (100, {})
    assert told["last_30_days"]["dollars"]["Rekognition"] == pytest.approx(0.1)
    lines = autotag("stats", "--stack", "prod", obj=at_now(ops)).stdout.splitlines()
    (line, month) = [" ".join(line.split()) for line in lines if line.strip().startswith("Rekognition")]
    assert line == "Rekognition 12 of 1,000 calls of this day (UTC), label model 3.1 (3.0 before)"
    assert month == "Rekognition 100 images"


def test_the_tables_are_for_people(ops: FakeOps) -> None:
    result = autotag("stats", "--stack", "prod", obj=at_now(ops))

    assert (result.exit_code, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[:5] == [
        "assets 16: tagged 11, unchanged 4, pending 1",
        "labels per asset mean 5.0, median 5, at most 5",
        "managed tags 28: Guitar 14, Stage 14",
        "labels Person 15, Stage 15, Guitar 15, Dog 15, Cat 15",
        "in review 14 tags of 14 assets",
    ]
    assert lines[5:9] == [
        "people kept or added 1 tag",
        "people removed 1 tag; they edited 1 asset",
        "Admin API 0 calls this hour",
        "calls to Cloudinary allowed",
    ]
    assert "Threshold Reached by Review Below Rule" in lines
    assert "0.70 14 14 14 defaults.threshold" in lines
    assert "add-on units aws_rek_tagging 11" in lines
    assert any(line.startswith("AWS, estimated $") for line in lines)


def test_an_empty_stack_has_nothing_to_tell_but_what_it_costs(ops: FakeOps) -> None:
    ops.states = {}
    result = autotag("stats", "--stack", "prod", obj=at_now(ops))

    assert result.exit_code == 0 and "assets                none" in result.stdout
    month = printed(ops)["last_30_days"]
    assert month["dollars_total"] == month["dollars_idle"]


def test_only_the_most_are_shown(ops: FakeOps) -> None:
    assert len(printed(ops, "--top", "1")["tags"]["top"]) == 1
    result = autotag("stats", "--stack", "prod", "--top", "1", obj=at_now(ops))
    assert "… 2 more" in result.stdout


def test_every_asset_is_read_once_page_by_page(ops: FakeOps) -> None:
    ops.states = {
        f"a{n:04}": replace(state(n), asset=AssetRef(f"a{n:04}", "x", "image", "upload", 1)) for n in range(900)
    }

    assert printed(ops)["assets"]["total"] == 900
    scans = [body for _, _, body in ops.received if body["op"] == "scan"]
    assert len(scans) == 8 and {body["segment"] for body in scans} == {0, 1, 2, 3}


def test_a_stack_that_cannot_be_asked_is_told() -> None:
    result = autotag("stats", "--stack", "prod", obj=fake_environment(lambda *_: refusal(503, "the table is down")))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the table is down" in result.stderr


@pytest.mark.parametrize(("part", "expected"), [(0.0, 1), (0.5, 1), (0.51, 2), (0.75, 2), (0.8, 9), (1.0, 9)])
def test_quantiles(part: float, expected: int) -> None:
    assert quantile(Counter({1: 2, 2: 1, 9: 1}), part) == expected


def test_a_bill_is_amounts_times_prices() -> None:
    assert sum(bill(Usage()).values()) == 0
    assert bill(Usage(write_units=2_000_000, read_units=1_000_000)) == bill(Usage()) | {
        "DynamoDB writes": pytest.approx(1.25),
        "DynamoDB reads": pytest.approx(0.125),
    }
    monthly = Usage(secrets=1, alarms=1, metrics=1, dashboards=1)
    one = bill(plus(monthly, Usage(lambda_requests=1, gb_seconds=1, queue_requests=1, events=1)))
    assert sum(one.values()) == pytest.approx(
        prices.LAMBDA_REQUEST + prices.LAMBDA_GB_SECOND + prices.QUEUE_REQUEST + prices.EVENT
        + prices.SECRET_MONTH + prices.ALARM_MONTH + prices.METRIC_MONTH + prices.DASHBOARD_MONTH
    )  # fmt: skip
    assert bill(Usage(log_bytes=2**30, table_bytes=2**30)) == bill(Usage()) | {
        "CloudWatch": pytest.approx(0.5),
        "DynamoDB storage": pytest.approx(0.45),
    }
