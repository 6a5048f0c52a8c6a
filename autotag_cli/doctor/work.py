"""What an operator may have stopped, and what waits meanwhile: event source mappings, schedules, concurrency, ages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from autotag_cli.stack.aws import aws_errors
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target

_MAPPINGS = {"LiveMappingId": "live", "BulkMappingId": "bulk"}
_SCHEDULES = {"PollerRuleName": "poller", "IntakeRuleName": "intake function"}
_FUNCTIONS = {
    "WebhookFunctionName": "webhook",
    "IntakeFunctionName": "intake function",
    "WorkerFunctionName": "worker",
    "PollerFunctionName": "poller",
}
WEBHOOK = "webhook"
_QUEUES = {"live": "QueueUrl", "bulk": "BulkQueueUrl"}
_AGE_PERIOD = 300
_AGE_WINDOW = 900
"""Seconds: SQS reports ages every five minutes, some minutes late."""


class Stopped(NamedTuple):
    """Something that does not run: ``function`` in words, what is the matter, and the command that resumes it."""

    function: str
    finding: str
    fix: str


def read_stopped(environment: Environment, target: Target) -> tuple[Stopped, ...]:
    """Return what is stopped; raises ``Failure`` if AWS does not say it. An older stack has fewer outputs."""
    with aws_errors("what is stopped cannot be read"):
        return (*_mappings(environment, target), *_schedules(environment, target), *_concurrency(environment, target))


def read_ages(environment: Environment, target: Target) -> dict[str, float]:
    """Return the age in seconds of the oldest message of each queue that CloudWatch reports; raises ``Failure``."""
    now = environment.now()
    with aws_errors("the age of the oldest messages cannot be read"):
        client = environment.aws(target, "cloudwatch")
        ages = {}
        for queue, output in _QUEUES.items():
            name = target.outputs.get(output, "").rsplit("/", 1)[-1]
            answer = client.get_metric_statistics(
                Namespace="AWS/SQS",
                MetricName="ApproximateAgeOfOldestMessage",
                Dimensions=[{"Name": "QueueName", "Value": name}],
                StartTime=datetime.fromtimestamp(now - _AGE_WINDOW, UTC),
                EndTime=datetime.fromtimestamp(now, UTC),
                Period=_AGE_PERIOD,
                Statistics=["Maximum"],
            )
            if points := sorted(answer.get("Datapoints", []), key=lambda point: point["Timestamp"]):
                ages[queue] = float(points[-1]["Maximum"])
    return ages


def read_last_results(environment: Environment, target: Target) -> dict[str, str]:
    """Return the result of Lambda's last attempt to take messages from each queue, if it reports one.

    Raises ``Failure``. Source: Lambda API reference, GetEventSourceMapping, ``LastProcessingResult``.
    """
    results = {}
    with aws_errors("the event source mappings cannot be read"):
        for output, queue in _MAPPINGS.items():
            if uuid := target.outputs.get(output):
                mapping = environment.aws(target, "lambda").get_event_source_mapping(UUID=uuid)
                results[queue] = str(mapping.get("LastProcessingResult") or "")
    return results


def _mappings(environment: Environment, target: Target) -> Iterator[Stopped]:
    for output, queue in _MAPPINGS.items():
        if uuid := target.outputs.get(output):
            state = environment.aws(target, "lambda").get_event_source_mapping(UUID=uuid)["State"]
            if state in ("Disabled", "Disabling"):
                finding = (
                    f"the worker takes nothing from the {queue} queue (its event source mapping is {state.lower()})"
                )
                yield Stopped("worker", finding, f"aws lambda update-event-source-mapping --uuid {uuid} --enabled")


def _schedules(environment: Environment, target: Target) -> Iterator[Stopped]:
    for output, function in _SCHEDULES.items():
        if rule := target.outputs.get(output):
            state = environment.aws(target, "events").describe_rule(Name=rule)["State"]
            if state == "DISABLED":
                finding = f"the {function} is not started (its schedule is disabled)"
                yield Stopped(function, finding, f"aws events enable-rule --name {rule}")


def _concurrency(environment: Environment, target: Target) -> Iterator[Stopped]:
    for output, function in _FUNCTIONS.items():
        name = target.outputs.get(output)
        if not name:
            continue
        reserved: Any = environment.aws(target, "lambda").get_function_concurrency(FunctionName=name)
        if reserved.get("ReservedConcurrentExecutions") == 0:
            finding = f"Lambda turns every call of the {function} away (its reserved concurrency is 0)"
            yield Stopped(function, finding, _reopen(target, function, name))


def _reopen(target: Target, function: str, name: str) -> str:
    """Return the command that lets a function run again: a deploy where the template says 0, else a call."""
    wanted = target.outputs.get("WebhookReservedConcurrency", "-1") if function == WEBHOOK else "-1"
    if wanted == "0":
        return "make deploy SET=WebhookReservedConcurrency=-1"
    if wanted == "-1":
        return f"aws lambda delete-function-concurrency --function-name {name}"
    return f"aws lambda put-function-concurrency --function-name {name} --reserved-concurrent-executions {wanted}"
