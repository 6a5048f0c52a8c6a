"""The deployed dashboard: its body names this stack's resources, and the metrics that its functions write."""

import json
from typing import Any

import pytest

from local.clients.cloudinary import upload
from local.clients.functions import log_records
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.stack_client import SOON, wait_for_audits


@pytest.fixture(scope="module")
def rows(stack: Stack) -> list[list[Any]]:
    """Every metric on the deployed dashboard, as its body lists it."""
    client = stack.client("cloudwatch")
    body = json.loads(client.get_dashboard(DashboardName=f"{stack.stack}-{stack.region}")["DashboardBody"])
    return [row for widget in body["widgets"] for row in widget["properties"].get("metrics", [])]


def test_it_names_the_resources_of_this_stack(stack: Stack, rows: list[list[Any]]) -> None:
    named = {word for row in rows for word in row if isinstance(word, str)}
    live = [name for name in stack.outputs if name.endswith("QueueUrl") and not name.startswith("Export")]
    queues = [stack.outputs[name].rpartition("/")[2] for name in live]
    functions = [stack.outputs[f"{name}FunctionName"] for name in ("Webhook", "Worker", "Poller")]
    tables = [stack.outputs["StateTableName"], stack.outputs["HistoryTableName"]]

    assert len(queues) == 4 and {*queues, *functions, *tables, stack.stack} <= named
    assert "-" in named  # this stack has no intake function
    assert not [word for word in named if "${" in word]


def test_the_metrics_and_the_log_of_an_upload_are_those_that_it_shows(stack: Stack, rows: list[list[Any]]) -> None:
    upload(stack.simulator_url, "e2e/shown/guitarist")
    (audit,) = wait_for_audits(stack, "e2e/shown/guitarist")

    def decision() -> dict[str, Any] | None:
        lines = (each for each in log_records(stack, "Worker") if each.get("message") == "decided")
        return next((each for each in lines if each["audit_id"] == audit["audit_id"]), None)

    line = until(decision, "the decision in the worker's log", within=SOON)
    shown = [row[:6] for row in rows]

    assert (line["outcome"], line["asked"], line["answered"]) == ("tagged", 0, 0)
    for function, service, metric in [("Webhook", "webhook", "Accepted"), ("Worker", "worker", "TagCalls")]:
        written = [each for each in log_records(stack, function) if metric in each and "_aws" in each]
        assert {(each["service"], each["stack"]) for each in written} == {(service, stack.stack)}
        assert ["autotag", metric, "service", service, "stack", stack.stack] in shown
