"""Two stacks of the template side by side in one account, on one Cloudinary cloud: neither disturbs the other."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.core.loopback_http import http_request
from local.core.notification_signing import signed_headers
from local.core.waiting import until
from local.stack.stack import Stack, delete_beside, deploy_beside
from tests.e2e.deployment.alarms import Metric, ringing, written_metrics
from tests.e2e.setup_commands import command, triggers
from tests.e2e.stack_client import SOON

FORGED = 12
"""More than the alarm ``WebhookRejections`` lets pass in five minutes."""


@pytest.fixture(scope="module")
def neighbor(stack: Stack, folder: Path) -> Iterator[Stack]:
    """A second stack, whose name begins with the first one's."""
    second = deploy_beside(stack, folder, f"{stack.stack}-production")
    yield second
    delete_beside(second)


def forge(stack: Stack) -> int:
    """Post a notification that Cloudinary did not sign; return the answer's status."""
    body = b'{"notification_type":"upload","public_id":"forged"}'
    headers = signed_headers(body, "not-the-secret")
    return http_request("POST", stack.outputs["WebhookUrl"], data=body, headers=headers).status_code


def rejected(stack: Stack) -> Metric:
    """Return the metric that counts the forged notifications of a stack."""
    return Metric("autotag", "Rejected", frozenset({("service", "webhook"), ("stack", stack.stack)}))


def test_a_fault_in_one_stack_leaves_the_metrics_and_alarms_of_the_other_alone(stack: Stack, neighbor: Stack) -> None:
    since = time.time()
    assert {forge(neighbor) for _ in range(FORGED)} == {401}

    def counted() -> bool:
        return (
            sum(sum(values) for metric, values in written_metrics(stack, since).items() if metric.name == "Rejected")
            >= FORGED
        )

    until(counted, "the forged notifications to be counted", within=SOON, every=0.5)
    metrics = written_metrics(stack, since)
    assert "WebhookRejections" in ringing(neighbor, metrics)
    assert ringing(stack, metrics) == set()
    assert sum(metrics[rejected(neighbor)]) == FORGED and rejected(stack) not in metrics


def age_of_oldest_message(stack: Stack, queue: str) -> Metric:
    """Return the metric in which SQS reports the age of a queue's messages."""
    name = stack.outputs[queue].rsplit("/", 1)[-1]
    return Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", frozenset({("QueueName", name)}))


@pytest.mark.parametrize(
    ("queue", "near_expiry", "before"),
    [
        ("QueueUrl", "QueueMessagesNearExpiry", {"QueueMessagesOld"}),
        ("BulkQueueUrl", "BulkQueueMessagesNearExpiry", set()),
    ],
)
def test_a_message_that_has_waited_for_a_week_rings_a_week_before_it_is_deleted(
    stack: Stack, queue: str, near_expiry: str, before: set[str]
) -> None:
    age, week = age_of_oldest_message(stack, queue), 7 * 86_400
    asked = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=["All"])
    assert int(asked["Attributes"]["MessageRetentionPeriod"]) == 2 * week
    assert ringing(stack, {age: [60.0, float(week)]}) == before
    assert ringing(stack, {age: [60.0, week + 1.0]}) == before | {near_expiry}


def test_each_stack_has_resources_of_its_own(stack: Stack, neighbor: Stack) -> None:
    shared = {name for name, value in stack.outputs.items() if neighbor.outputs.get(name) == value}
    assert shared == {"Intake", "AlarmsGoTo", "Events", "WebhookReservedConcurrency"}


def test_the_doctor_of_one_stack_leaves_the_triggers_of_the_other_alone(stack: Stack, neighbor: Stack) -> None:
    """It asks the other address whether it lives before it offers to take its triggers over."""
    url = neighbor.outputs["WebhookUrl"]
    made = triggers(stack, "POST", uri=url, event_type="delete", auth_scheme="legacy_hmac")
    dead = triggers(stack, "POST", uri=url.replace("lambda-url/", "lambda-url/gone"), event_type="delete")
    try:
        found = {line["name"]: line for line in command(stack, "doctor").printed["lines"]}["old triggers"]
        assert found["state"] == "warn" and dead["uri"] in found["told"] and url not in found["told"]
        triggers(stack, "DELETE", f"/{dead['id']}")
        found = {line["name"]: line for line in command(stack, "doctor").printed["lines"]}["old triggers"]
        assert found["state"] == "ok" and f"{url} (405)" in found["told"]
    finally:
        triggers(stack, "DELETE", f"/{made['id']}")
