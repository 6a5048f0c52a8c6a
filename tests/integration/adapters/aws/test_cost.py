"""What a stack is estimated to cost comes from what the deployed code asks AWS for: counted again here and compared."""

from collections.abc import Iterator
from typing import Any

import pytest

from autotag.domain.statistics.cost.bill import bill, times
from autotag.domain.statistics.cost.prices import MILLION
from autotag.domain.statistics.cost.usage import (
    DOOR_GB,
    HISTORY_BYTES,
    IDLE_MONTH,
    LIVE_IMAGE,
    MINUTES,
    POLLER_GB,
    STATE_BYTES,
    TRAFFIC_MONTH,
    WORKER_GB,
)
from bench.library.aws_meter import Meter
from bench.library.cost import BUSY
from bench.library.live_images import LiveImages, idle_minute, live_images
from bench.load.simulated.template import FULL_CORE, Template
from tests.integration.adapters.conftest import TEMPLATE, Aws

FUNCTIONS = ("WebhookFunction", "WorkerFunction", "PollerFunction")


@pytest.fixture(scope="module")
def live() -> LiveImages:
    return live_images()


def test_a_live_image_is_written_and_read_as_often_as_the_estimate_says(live: LiveImages) -> None:
    units = live.meter
    assert sum(units.write_units.values()) / live.images == pytest.approx(LIVE_IMAGE.write_units, rel=0.03)
    assert sum(units.read_units.values()) / live.images == pytest.approx(LIVE_IMAGE.read_units, rel=0.03)
    assert live.state_bytes / live.images == pytest.approx(STATE_BYTES, rel=0.03)
    assert live.history_bytes / live.images == pytest.approx(HISTORY_BYTES, rel=0.03)


def test_a_live_image_makes_as_many_requests_as_the_estimate_says(live: LiveImages) -> None:
    calls = live.meter.calls
    messages = calls["sqs.SendMessage"]
    assert 3 * messages / live.images == LIVE_IMAGE.queue_requests  # each is received and deleted, too
    assert 2 * messages / live.images == LIVE_IMAGE.lambda_requests  # each at the door and in the worker
    assert calls["eventbridge.PutEvents"] / live.images == LIVE_IMAGE.events
    assert live.calls == live.images  # one call adds all tags


def test_an_idle_minute_reads_as_much_as_the_estimate_says() -> None:
    idle = idle_minute()
    assert sum(idle.read_units.values()) * MINUTES == IDLE_MONTH.read_units
    assert not sum(idle.write_units.values()) and set(idle.calls) == {"dynamodb.GetItem", "dynamodb.Query"}


NOT_BY_DEFAULT = ("HasChannel", "HasExport", "HasConsole", "RekognitionOn")
"""Conditions of what a stack has only if a parameter asks for it."""


def test_what_has_a_price_by_the_month_is_what_the_template_has(resources: dict[str, Any]) -> None:
    always = [each for each in resources.values() if each.get("Condition") not in NOT_BY_DEFAULT]
    alarms = [each for each in always if each["Type"] == "AWS::CloudWatch::Alarm"]
    secrets = [each for each in always if each["Type"] == "AWS::SecretsManager::Secret"]
    assert len(alarms) == IDLE_MONTH.alarms
    assert len(secrets) == IDLE_MONTH.secrets
    dashboards = [each for each in resources.values() if each["Type"] == "AWS::CloudWatch::Dashboard"]
    assert len(dashboards) == IDLE_MONTH.dashboards


def test_traffic_adds_the_metrics_that_the_estimate_counts(live: LiveImages) -> None:
    """Each has a value for one service: the webhook counts ``Accepted``, the worker the others."""
    assert live.metrics == {"Decided", "Duplicate", "TagCalls"}
    assert len(live.metrics | {"Accepted"}) == TRAFFIC_MONTH.metrics


def test_an_idle_month_costs_what_the_documents_say() -> None:
    dollars = sum(bill(IDLE_MONTH).values())
    page = (TEMPLATE.parent / "docs" / "operations.md").read_text("utf-8")
    table = page.partition("| a month without traffic |")[2].partition("\n\n")[0]
    assert f"| **together** | | **{dollars:.2f}** |" in table


def test_a_million_live_images_cost_what_the_documents_say() -> None:
    page = (TEMPLATE.parent / "docs" / "operations.md").read_text("utf-8")
    alone, busy = (sum(bill(times(usage, MILLION)).values()) for usage in (LIVE_IMAGE, BUSY))
    table = page.partition("| for a live image |")[2].partition("\n\n")[0]
    assert f"| **together** | | | **{alone:.2f}** |" in table
    assert f"With both, a million images cost {busy:.2f} dollars" in page


def test_functions_have_the_memory_that_the_estimate_says() -> None:
    template = Template(TEMPLATE)
    memory = {name: template.function(name).core * FULL_CORE / 1024 for name in FUNCTIONS}
    said = {"WebhookFunction": DOOR_GB, "WorkerFunction": WORKER_GB, "PollerFunction": POLLER_GB}
    assert memory == pytest.approx(said)


class TestMeter:
    """The meter counts as DynamoDB does."""

    @pytest.fixture
    def meter(self, aws: Aws) -> Iterator[Meter]:
        aws.table("StateTable")
        meter = Meter()
        with meter.metering(aws.clients.dynamodb):
            yield meter

    def put(self, aws: Aws, **attributes: dict[str, str]) -> None:
        aws.clients.dynamodb.put_item(TableName="StateTable", Item={"pk": {"S": "ASSET#a"}, **attributes})

    def test_a_write_costs_the_larger_item_by_the_begun_kilobyte(self, aws: Aws, meter: Meter) -> None:
        self.put(aws, x={"S": "x" * 1000})
        assert meter.write_units["StateTable"] == 1
        self.put(aws, x={"S": "x" * 3000})
        self.put(aws, x={"S": "x"})
        assert meter.write_units["StateTable"] == 1 + 3 + 3

    def test_an_index_costs_where_its_entry_comes_changes_moves_or_goes(self, aws: Aws, meter: Meter) -> None:
        def waiting(since: str, folder: str) -> dict[str, dict[str, str]]:
            return {"review": {"S": "REVIEW#0"}, "review_at": {"N": since}, "ask_folder": {"S": folder}}

        costs = []
        for attributes in (
            waiting("1", "stage"),  # comes
            waiting("1", "stage") | {"else": {"S": "x"}},  # what is not projected
            waiting("1", "press"),  # changes
            waiting("2", "press"),  # moves: one goes, one comes
            {},  # goes
        ):
            before = meter.write_units["StateTable.asked"]
            self.put(aws, **attributes)
            costs.append(meter.write_units["StateTable.asked"] - before)
        assert costs == [1, 0, 1, 2, 1]

    def test_a_read_costs_half_where_it_need_not_be_consistent(self, aws: Aws, meter: Meter) -> None:
        self.put(aws, x={"S": "x" * 5000})
        for consistent in (True, False):
            key = {"pk": {"S": "ASSET#a"}}
            aws.clients.dynamodb.get_item(TableName="StateTable", Key=key, ConsistentRead=consistent)
        assert meter.read_units["StateTable"] == 2 + 1
        assert dict(meter.calls) == {"dynamodb.PutItem": 1, "dynamodb.GetItem": 2}
