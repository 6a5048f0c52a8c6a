"""The messages in the queues of a local stack."""

from collections.abc import Iterator
from contextlib import contextmanager

from local.stack.stack import Stack

_COUNTS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]


def message_count(stack: Stack, queue: str = "QueueUrl") -> int:
    """Return how many messages the queue of the output ``queue`` holds, including those in flight."""
    client = stack.client("sqs")
    counts = client.get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=_COUNTS)["Attributes"]
    return sum(map(int, counts.values()))


def set_visibility_timeout(stack: Stack, seconds: int, queue: str = "QueueUrl") -> None:
    """Make messages that were received but not deleted visible again after ``seconds``."""
    attributes = {"VisibilityTimeout": str(seconds)}
    stack.client("sqs").set_queue_attributes(QueueUrl=stack.outputs[queue], Attributes=attributes)


@contextmanager
def short_visibility_timeout(stack: Stack, seconds: int, queue: str = "QueueUrl") -> Iterator[None]:
    """Set the visibility timeout while the block runs, so that messages come back after seconds instead of minutes."""
    sqs, url = stack.client("sqs"), stack.outputs[queue]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    set_visibility_timeout(stack, seconds, queue)
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=before)
