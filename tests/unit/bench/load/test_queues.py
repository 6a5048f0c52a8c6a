"""Queues in memory behave as SQS does where the service depends on it."""

from collections.abc import Iterator

import pytest

from bench.load.simulated.other_services import SQS, Queue


class Time:
    """A clock that stands."""

    now = 0.0


@pytest.fixture
def time() -> Iterator[Time]:
    yield Time()


@pytest.fixture
def queue(time: Time) -> Queue:
    return Queue("Queue", lambda: time.now, visibility=360, most_receives=2)


def bodies(records: list[dict[str, object]]) -> list[object]:
    return [record["body"] for record in records]


def test_a_received_message_is_hidden_and_comes_again(queue: Queue, time: Time) -> None:
    queue.send("a")
    (record,) = queue.receive(10)
    assert (record["attributes"]["ApproximateReceiveCount"], queue.receive(10)) == ("1", [])
    time.now = 360
    (record,) = queue.receive(10)
    assert record["attributes"]["ApproximateReceiveCount"] == "2"


def test_a_message_that_was_received_too_often_is_a_dead_letter(queue: Queue, time: Time) -> None:
    queue.send("a")
    for _ in range(3):
        queue.receive(10)
        time.now += 360
    assert [message["body"] for message in queue.dead] == ["a"] and not queue.depth


def test_a_deleted_message_never_comes_again(queue: Queue, time: Time) -> None:
    queue.send("a")
    queue.delete(str(queue.receive(10)[0]["receiptHandle"]))
    time.now = 1000
    assert queue.receive(10) == [] and not queue.depth


def test_delays_and_returned_messages_come_at_their_time(queue: Queue, time: Time) -> None:
    client = SQS({"Queue": queue}, lambda operation, call: None)
    client.send_message(QueueUrl="https://x/0/Queue", MessageBody="later", DelaySeconds=30)
    client.send_message_batch(QueueUrl="https://x/0/Queue", Entries=[{"Id": "0", "MessageBody": "now"}])
    (record,) = queue.receive(10)
    assert record["body"] == "now" and queue.next_at == 30
    client.change_message_visibility(
        QueueUrl="https://x/0/Queue", ReceiptHandle=record["receiptHandle"], VisibilityTimeout=10
    )
    assert queue.next_at == 10
    time.now = 30
    assert sorted(map(str, bodies(queue.receive(10)))) == ["later", "now"]
