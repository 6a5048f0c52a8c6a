"""The queues in SQS."""

from typing import Any

from msgspec.structs import replace

from autotag.adapters.aws.batching import batches
from autotag.adapters.aws.client import asking
from autotag.domain.errors import Invalid, Retryable
from autotag.domain.model.messages import FolderMoved, Message, ProcessRunGroup, RefetchAsset, TagsEdited, encode, hint

MAX_MESSAGE = 256 * 1024
"""Bytes of one message, and of one batch: every SQS endpoint accepts as many."""

_LONGEST = 900
"""Seconds that a message may wait before it can be received."""


class SqsQueue:
    """Implements the ``Queue`` port."""

    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def send(self, messages: list[Message]) -> None:
        """Queue every message, or raise ``Retryable``: the sender tries again, and duplicates are harmless."""
        self.send_bodies([(body, 0) for message in messages for body in _fitting(message)])

    def send_bodies(self, bodies: list[tuple[str, int]]) -> None:
        """Queue bodies, each with its delay in seconds, or raise ``Retryable``. Each must fit into a message."""
        for batch in batches(bodies, _size, MAX_MESSAGE):
            self._send([{"MessageBody": body} | ({"DelaySeconds": wait} if wait else {}) for body, wait in batch])

    def _send(self, batch: list[dict[str, Any]]) -> None:
        with asking("SQS"):
            if len(batch) == 1:
                self._client.send_message(QueueUrl=self._url, **batch[0])
                return
            entries = [{"Id": str(i), **entry} for i, entry in enumerate(batch)]
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        if answer.get("Failed"):
            raise Retryable(f"SQS: {len(answer['Failed'])} of {len(batch)} messages were not queued")


def _size(entry: tuple[str, int]) -> int:
    return len(entry[0])  # it is ASCII


def _fitting(message: Message) -> list[str]:
    """Return the bodies for ``message``: if it does not fit, it is split, or becomes a hint to read the asset."""
    body = encode(message)
    if len(body) <= MAX_MESSAGE:
        return [body]
    if isinstance(message, TagsEdited | RefetchAsset) and len(message.added) + len(message.removed) > 1:
        # A read does not show who added a tag, so no part of a person's edit may be left out.
        added, removed = len(message.added) // 2, len(message.removed) // 2
        first = replace(message, added=message.added[:added], removed=message.removed[:removed])
        rest = replace(message, added=message.added[added:], removed=message.removed[removed:])
        return [*_fitting(first), *_fitting(rest)]
    if not isinstance(message, RefetchAsset | FolderMoved):
        return _fitting(hint(message))
    if isinstance(message, RefetchAsset) and (message.added or message.removed):  # no tag is as long as that
        return _fitting(replace(message, added=(), removed=()))
    raise Invalid("body", "is too large to queue")


class SqsBulkQueue:
    """Implements the ``BulkQueue`` port. A group of a run is far smaller than the limit of a message."""

    def __init__(self, client: Any, url: str) -> None:
        self._queue = SqsQueue(client, url)

    def send(self, messages: list[tuple[ProcessRunGroup, int]]) -> None:
        """Queue every message with its delay in seconds, or raise ``Retryable``."""
        self._queue.send_bodies([(encode(message), min(delay, _LONGEST)) for message, delay in messages])


class SqsReturns:
    """The delay after which a message that could not be handled is received again."""

    def __init__(self, client: Any, urls: tuple[str, ...]) -> None:
        self._client = client
        self._urls = {url.rsplit("/", 1)[-1]: url for url in urls}

    def later(self, queue_arn: str, receipt_handle: str, seconds: int) -> None:
        """Hide a received message for ``seconds`` instead of the queue's visibility timeout.

        A message of an unknown queue keeps that queue's timeout.
        """
        url = self._urls.get(queue_arn.rsplit(":", 1)[-1])
        if url is None:
            return
        with asking("SQS"):
            self._client.change_message_visibility(
                QueueUrl=url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )
