"""The live queue in SQS: every message arrives, in batches that SQS takes, and what failed returns when it should."""

from typing import Any

import pytest
from botocore.stub import Stubber

from autotag.adapters.aws.sqs import MAX_MESSAGE, SqsBulkQueue, SqsQueue, SqsReturns
from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.model.messages import (
    LabelsObserved,
    Message,
    MessageOrigin,
    ProcessRunGroup,
    RefetchAsset,
    TagsEdited,
    Task,
    decode,
    encode,
)
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls

SOURCE = MessageOrigin("upload", "d" * 64, "r1")


def labelled(asset_id: str, size: int = 0) -> LabelsObserved:
    ref = AssetRef(asset_id, "Bühne/🎸", "image", "upload", 1)
    found = {"aws_rek_tagging": Categorization("complete", (Label("Gitarre 🎸", 0.7046),), 5)}
    return LabelsObserved(ref, found, 5, SOURCE, Facts("x" * size, "jpg", {}, ("press",), 5))


@pytest.fixture
def url(aws: Aws) -> str:
    return aws.queue("Queue")


def received(aws: Aws, url: str) -> list[Task]:
    found: list[Task] = []
    while messages := aws.clients.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [decode(message["Body"]) for message in messages]
    return found


@pytest.mark.parametrize("count", [0, 1, 2, 10, 11, 25])
def test_every_message_arrives_unchanged(aws: Aws, url: str, count: int) -> None:
    sent: list[Message] = [labelled(f"a{i}") for i in range(count)]
    SqsQueue(aws.clients.sqs, url).send(sent)
    found = received(aws, url)
    assert sorted(map(repr, found)) == sorted(map(repr, sent))


def test_a_batch_is_never_larger_than_sqs_takes(aws: Aws, url: str) -> None:
    sent: list[Message] = [labelled(f"a{i}", 100_000) for i in range(5)]
    with (
        recorded_calls(aws.clients.sqs, "SendMessageBatch") as batches,
        recorded_calls(aws.clients.sqs, "SendMessage") as singles,
    ):
        SqsQueue(aws.clients.sqs, url).send(sent)
    sizes = [sum(len(entry["MessageBody"]) for entry in batch["Entries"]) for batch in batches]
    assert len(sizes) == 2 and len(singles) == 1
    assert max(sizes) <= MAX_MESSAGE == 262_144
    assert len(received(aws, url)) == 5


def test_a_message_of_just_the_limit_is_sent_whole_and_a_larger_one_as_a_hint(aws: Aws, url: str) -> None:
    room = MAX_MESSAGE - len(encode(labelled("a1")))
    queue = SqsQueue(aws.clients.sqs, url)
    queue.send([labelled("a1", room)])
    queue.send([labelled("a2", room + 1)])
    assert sorted(received(aws, url), key=repr) == [labelled("a1", room), RefetchAsset("a2", 5, SOURCE)]


def test_a_persons_change_that_is_too_large_is_split_and_nothing_is_left_out(aws: Aws, url: str) -> None:
    ref = AssetRef("a1", "x", "image", "upload", 0)
    added, removed = ([f"{sign}{i} {'Ü' * 200}" for i in range(300)] for sign in "+-")
    SqsQueue(aws.clients.sqs, url).send([TagsEdited(ref, 5, "jane", SOURCE, tuple(added), tuple(removed))])
    found = [message for message in received(aws, url) if isinstance(message, TagsEdited)]
    assert len(found) > 1
    assert sorted(tag for message in found for tag in message.added) == sorted(added)
    assert sorted(tag for message in found for tag in message.removed) == sorted(removed)


def test_one_message_that_was_not_taken_fails_the_whole(aws: Aws, url: str) -> None:
    with Stubber(aws.clients.sqs) as stub:
        failed = {"Id": "1", "SenderFault": False, "Code": "InternalError", "Message": ""}
        stub.add_response("send_message_batch", {"Successful": [], "Failed": [failed]})
        with pytest.raises(Retryable, match="1 of 2"):
            SqsQueue(aws.clients.sqs, url).send([labelled("a1"), labelled("a2")])


@pytest.mark.parametrize(("operation", "count"), [("send_message", 1), ("send_message_batch", 2)])
def test_a_queue_that_does_not_answer_makes_the_sender_come_again(
    aws: Aws, url: str, operation: str, count: int
) -> None:
    with Stubber(aws.clients.sqs) as stub:
        stub.add_client_error(operation, "ServiceUnavailable")
        with pytest.raises(Retryable, match="SQS: ServiceUnavailable"):
            SqsQueue(aws.clients.sqs, url).send([labelled(f"a{i}") for i in range(count)])


def group(n: int, size: int = 250) -> ProcessRunGroup:
    return ProcessRunGroup("f" * 32, f"0.{n}.0", tuple(f"{n}-{i}".rjust(64, "x") for i in range(size)))


@pytest.mark.parametrize("count", [0, 1, 11])
def test_every_group_of_a_run_arrives_unchanged(aws: Aws, count: int) -> None:
    url = aws.queue("BulkQueue")
    sent = [group(n) for n in range(count)]
    with recorded_calls(aws.clients.sqs, "SendMessageBatch") as batches:
        SqsBulkQueue(aws.clients.sqs, url).send([(each, 0) for each in sent])
    assert sorted(map(repr, received(aws, url))) == sorted(map(repr, sent))
    sizes = [sum(len(entry["MessageBody"]) for entry in batch["Entries"]) for batch in batches]
    assert not sizes or max(sizes) <= MAX_MESSAGE


def test_groups_that_are_large_go_in_more_batches(aws: Aws) -> None:
    url = aws.queue("BulkQueue")
    SqsBulkQueue(aws.clients.sqs, url).send([(group(n, 1500), 0) for n in range(6)])
    assert len(received(aws, url)) == 6


@pytest.mark.parametrize("count", [1, 3])
def test_groups_wait_as_long_as_they_are_to_and_no_longer_than_sqs_allows(aws: Aws, count: int) -> None:
    url = aws.queue("BulkQueue")
    operation = "SendMessage" if count == 1 else "SendMessageBatch"
    with recorded_calls(aws.clients.sqs, operation) as calls:
        SqsBulkQueue(aws.clients.sqs, url).send([(group(n), delay) for n, delay in enumerate((7, 0, 1000)[:count])])
    (call,) = calls
    entries = [call] if count == 1 else call["Entries"]
    assert [entry.get("DelaySeconds", 0) for entry in entries] == [7, 0, 900][:count]
    assert len(received(aws, url)) == min(1, count - 1)  # the others are not to be seen yet


def test_groups_that_were_not_all_queued_are_all_queued_again(aws: Aws) -> None:
    url = aws.queue("BulkQueue")
    with Stubber(aws.clients.sqs) as stub:
        failed = {"Id": "1", "SenderFault": False, "Code": "InternalError", "Message": ""}
        stub.add_response("send_message_batch", {"Successful": [], "Failed": [failed]})
        with pytest.raises(Retryable, match="1 of 2"):
            SqsBulkQueue(aws.clients.sqs, url).send([(group(0), 0), (group(1), 0)])


class Given:
    """A message that a worker has just received."""

    def __init__(self, aws: Aws, url: str) -> None:
        self.sqs, self.url = aws.clients.sqs, url
        SqsQueue(self.sqs, url).send([labelled("a1")])
        (message,) = self.receive()
        self.handle = message["ReceiptHandle"]
        self.arn = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def receive(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sqs.receive_message(QueueUrl=self.url).get("Messages", [])
        return found


def test_a_returned_message_is_seen_again_when_it_was_said(aws: Aws, url: str) -> None:
    given = Given(aws, url)
    returns = SqsReturns(aws.clients.sqs, (url, f"{url}-bulk"))
    returns.later(given.arn, given.handle, 900)
    assert given.receive() == []
    returns.later(given.arn, given.handle, 0)
    assert len(given.receive()) == 1


def test_a_message_of_a_queue_that_is_none_of_ours_keeps_its_own_time(aws: Aws, url: str) -> None:
    SqsReturns(aws.clients.sqs, (url,)).later("arn:aws:sqs:us-east-1:123456789012:other", "handle", 5)
    SqsReturns(aws.clients.sqs, ("", "")).later("arn:aws:sqs:us-east-1:123456789012:other", "handle", 5)


def test_a_return_that_fails_is_retryable(aws: Aws, url: str) -> None:
    given = Given(aws, url)
    with pytest.raises(Retryable, match="SQS"):
        SqsReturns(aws.clients.sqs, (url,)).later(given.arn, "no such handle", 5)
