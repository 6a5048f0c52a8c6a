"""The alarms on messages that wait, with the ages that SQS reports: the emulator reports none."""

import pytest

from local.stack.stack import Stack
from tests.e2e.deployment.alarms import Metric, ringing

HOUR = 3600.0
DAY = 24 * HOUR


def oldest(stack: Stack, output: str, age: float) -> dict[Metric, list[float]]:
    """Return the metric that SQS writes where the oldest message of a queue has an age in seconds."""
    name = stack.outputs[output].rsplit("/", 1)[-1]
    return {Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", frozenset({("QueueName", name)})): [0.0, age]}


@pytest.mark.parametrize(
    ("queue", "age", "alarms"),
    [
        ("QueueUrl", HOUR / 4, set()),
        ("QueueUrl", HOUR, {"QueueMessagesOld"}),
        ("QueueUrl", 6.9 * DAY, {"QueueMessagesOld"}),
        ("QueueUrl", 7.1 * DAY, {"QueueMessagesOld", "QueueMessagesExpiring"}),
        ("BulkQueueUrl", 6.9 * DAY, set()),
        ("BulkQueueUrl", 7.1 * DAY, {"BulkQueueMessagesExpiring"}),
    ],
)
def test_a_message_that_waits_for_half_the_time_that_sqs_keeps_it_rings_its_own_alarm(
    stack: Stack, queue: str, age: float, alarms: set[str]
) -> None:
    assert ringing(stack, oldest(stack, queue, age)) == alarms


@pytest.mark.parametrize("queue", ["QueueUrl", "BulkQueueUrl", "DeadLetterQueueUrl", "BulkDeadLetterQueueUrl"])
def test_the_deployed_queues_keep_messages_for_14_days(stack: Stack, queue: str) -> None:
    asked = {"QueueUrl": stack.outputs[queue], "AttributeNames": ["MessageRetentionPeriod"]}
    attributes = stack.client("sqs").get_queue_attributes(**asked)["Attributes"]
    assert float(attributes["MessageRetentionPeriod"]) == 14 * DAY
