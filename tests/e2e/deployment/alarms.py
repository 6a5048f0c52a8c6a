"""The deployed alarms, evaluated against the metrics that the functions wrote into their logs (EMF).

The emulator makes no CloudWatch metrics of EMF records (emulator's README), so this is what CloudWatch would do.
Source: CloudWatch user guide, *Specification: Embedded metric format*.
"""

import json
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from local.stack.stack import Stack

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
}
_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {"Sum": sum, "Minimum": min, "Maximum": max}


class Metric(NamedTuple):
    """A metric as CloudWatch tells it from others: by namespace, name and all of its dimensions."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


def written_metrics(stack: Stack, since: float) -> dict[Metric, list[float]]:
    """Return what all functions of the emulated account have counted since ``since`` (unix seconds)."""
    logs = stack.client("logs")
    found: dict[Metric, list[float]] = {}
    groups = [group for page in logs.get_paginator("describe_log_groups").paginate() for group in page["logGroups"]]
    for group in groups:
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group["logGroupName"], startTime=round(since * 1000)
        )
        for event in (event for page in pages for event in page["events"]):
            for metric, values in _metrics_in(event["message"]):
                found.setdefault(metric, []).extend(values)
    return found


def ringing(stack: Stack, metrics: Mapping[Metric, Sequence[float]]) -> set[str]:
    """Return the alarms of a stack, by their names in the template, that these values of one period make ring."""
    pages = stack.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack.stack)
    names = {
        resource["PhysicalResourceId"]: resource["LogicalResourceId"]
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == "AWS::CloudWatch::Alarm"
    }
    alarms = stack.client("cloudwatch").describe_alarms(AlarmNames=list(names), MaxRecords=100)["MetricAlarms"]
    assert len(alarms) == len(names) > 10
    return {names[alarm["AlarmName"]] for alarm in alarms if rings(alarm, metrics)}


def rings(alarm: Mapping[str, Any], metrics: Mapping[Metric, Sequence[float]]) -> bool:
    """Return whether values of one period, by metric, make an alarm ring. Where there are none it does not."""
    dimensions = frozenset((each["Name"], each["Value"]) for each in alarm["Dimensions"])
    values = metrics.get(Metric(alarm["Namespace"], alarm["MetricName"], dimensions))
    if not values:  # without data none of the alarms on the functions' own metrics rings
        return False
    value = _STATISTICS[alarm["Statistic"]](values)
    return _COMPARISONS[alarm["ComparisonOperator"]](value, float(alarm["Threshold"]))


def _metrics_in(line: str) -> Iterator[tuple[Metric, list[float]]]:
    if not line.startswith("{"):
        return
    record = json.loads(line)
    for directive in record.get("_aws", {}).get("CloudWatchMetrics", []):
        for names in directive["Dimensions"]:
            dimensions = frozenset((name, record[name]) for name in names)
            for metric in directive["Metrics"]:
                value = record[metric["Name"]]
                yield (
                    Metric(directive["Namespace"], metric["Name"], dimensions),
                    value if isinstance(value, list) else [value],
                )
