"""The dashboard shows what the code counts: a renamed metric does not leave an empty widget behind."""

import ast
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.infra.cloudformation_template import QUEUES, TABLES, Template, resolved
from tests.infra.dashboard.counted_metrics import counted_metrics
from tests.infra.dashboard.dashboard_body import body, metrics, variables

SRC = Path(__file__).resolve().parents[3] / "src"
COLUMNS, MOST_METRICS = 24, 50

NOT_SHOWN = {
    "Decided": "the widget of decisions counts them by outcome",
    "Duplicate": "repetitions are expected and change nothing",
    "Stale": "older news is expected and changes nothing",
    "Pending": "each pending asset ends as a decision, or rings PendingAssetsPastDeadline",
    "TimedOut": "the widget of decisions shows timed_out",
    "Renamed": "a rename is no decision and no fault",
    "HintsDropped": "the log tells each as hint_dropped",
    "Dropped": "groups of a run that was cancelled; `autotag runs show` tells",
    "RulesInvalid": "an alarm watches it",
    "Unforeseen": "an alarm watches it, and its message becomes a dead letter, which is shown",
    "Detected": "only with Rekognition; `autotag stats` shows the calls of the day",
    "DetectBudgetReached": "only with Rekognition; an alarm watches it",
    "DetectionDropped": "only with Rekognition; the log tells each as detection_dropped",
    "LabelModelChanged": "only with Rekognition; `autotag doctor` tells",
    "RekognitionRefused": "only with Rekognition; an alarm watches it",
    "DueDetectAge": "only with Rekognition; what waits is pending",
    "UnknownShape": "only beside another release; the log tells each as item_skipped",
}
"""Metrics that no widget lists, with the reason; the search of custom metrics finds them all the same."""
ELSEWHERE = {
    ("worker", "Ignored"): "a notification that arrived; the webhook's answer was counted",
    ("poller", "Ignored"): "a read about a provider that no rule asks for",
    ("worker", "PendingPastDeadline"): "the poller reads what is pending",
    ("intake", "Retried"): "a message that was not acknowledged comes again",
}
"""Metrics that are shown for another service alone, with the reason."""


def shown(template: Template) -> set[tuple[str, str]]:
    """Return service and name of each metric of this service that the dashboard lists."""
    return {(each.dimensions["service"], each.name) for each in metrics(template) if each.namespace == "autotag"}


def test_each_metric_that_is_shown_is_counted_by_the_code_of_its_service(template: Template) -> None:
    counted = counted_metrics(template)
    assert not [(service, name) for service, name in sorted(shown(template)) if name not in counted[service]]


def test_each_metric_that_is_counted_is_shown_or_left_out_for_a_reason(template: Template) -> None:
    counted = {(service, name) for service, names in counted_metrics(template).items() for name in names}
    missing = counted - shown(template)
    assert {(service, name) for service, name in missing if name not in NOT_SHOWN} <= set(ELSEWHERE)
    assert set(NOT_SHOWN) == {name for _, name in missing} - {name for _, name in shown(template)}
    assert set(ELSEWHERE) <= missing


def test_our_metrics_are_those_of_this_stack_alone(template: Template) -> None:
    for metric in metrics(template):
        if metric.namespace == "autotag":
            assert list(metric.dimensions) == ["service", "stack"]
            assert metric.dimensions["stack"] == "<AWS::StackName>"
    rows = [row for widget in body(template)["widgets"] for row in widget["properties"].get("metrics", [])]
    (search,) = [row[0]["expression"] for row in rows if isinstance(row[0], dict)]
    assert search.startswith("""SEARCH('{autotag,service,stack} stack="<AWS::StackName>"',""")


def test_its_body_is_json_that_names_what_is_there(template: Template) -> None:
    used, values = variables(template)
    places = {each.partition(".")[0] for each in used if not each.startswith("AWS::")}
    assert not [name for name in places if "Condition" in template.resource(name)]
    assert {each["Fn::If"][1]["Ref"]: each["Fn::If"][0] for each in values.values()} == {
        "WebhookFunction": "HasWebhook",
        "IntakeFunction": "HasChannel",
    }
    assert {queue for pair in QUEUES.items() for queue in pair} | set(TABLES) <= places


@pytest.mark.parametrize("webhook", [True, False])
def test_it_can_be_made_whatever_the_intake_is(transformed: dict[str, Any], webhook: bool) -> None:
    document = resolved(transformed, {"HasWebhook": webhook, "HasChannel": not webhook})
    _, values = variables(Template(document))
    referred = [value["Ref"] for value in values.values() if isinstance(value, dict)]
    assert len(referred) == 1 and set(referred) < set(document["Resources"])


@pytest.mark.parametrize("name", ["autotag", "a" * 128])
def test_its_body_stays_json_with_the_name_of_any_stack(template: Template, name: str) -> None:
    assert name in str(body(template, **{"AWS::StackName": name, "AWS::Region": "eu-west-1"}))


def test_widgets_lie_in_the_grid_and_do_not_overlap(template: Template) -> None:
    fields = {
        index: {(x, y) for x in range(w["x"], w["x"] + w["width"]) for y in range(w["y"], w["y"] + w["height"])}
        for index, w in enumerate(body(template)["widgets"])
    }
    assert all(0 <= x < COLUMNS and y >= 0 for taken in fields.values() for x, y in taken)
    assert not [pair for pair in combinations(fields, 2) if fields[pair[0]] & fields[pair[1]]]


def test_it_lists_few_enough_metrics_for_the_free_dashboards_of_an_account(template: Template) -> None:
    assert 30 < len(metrics(template)) <= MOST_METRICS


def test_two_stacks_have_two_dashboards_in_the_same_region_and_in_two(template: Template) -> None:
    """Names of dashboards are shared by all regions: their ARN has none (IAM's list of CloudWatch's resources)."""
    assert template.properties("Dashboard")["DashboardName"] == {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"}


def test_queries_read_what_is_logged_at_a_decision(template: Template) -> None:
    queries = [w["properties"]["query"] for w in body(template)["widgets"] if w["type"] == "log"]
    text = (SRC / "autotag" / "service" / "tagging" / "execute.py").read_text("utf-8")
    logged = {
        word.arg
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("telemetry.info")
        for word in node.keywords
        if ast.unparse(node.args[0]) == "'decided'" and word.arg
    } | set(re.findall(r'"(\w+)": ', text.partition("def _questions")[2].partition("\ndef ")[0]))
    for query in queries:
        assert query.startswith("SOURCE '<WorkerLogGroup>' | SOURCE '<PollerLogGroup>' | filter message = 'decided' |")
        used = {word for pair in re.findall(r"sum\((\w+)\)|by (?!bin)(\w+)", query) for word in pair if word}
        assert used and used <= logged
    assert len(queries) == 2


def test_each_metric_of_aws_is_one_of_a_resource_of_the_stack(template: Template) -> None:
    for metric in metrics(template):
        if metric.namespace != "autotag":
            name, *_ = metric.dimensions.values()
            assert re.fullmatch(r"<\w+(\.QueueName)?>", name)
    indexes = {index["IndexName"] for index in template.properties("StateTable")["GlobalSecondaryIndexes"]}
    assert {m.dimensions.get("GlobalSecondaryIndexName", "due") for m in metrics(template)} <= indexes
