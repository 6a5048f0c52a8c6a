"""The queue of exports in SQS."""

from collections.abc import Sequence
from typing import Any

from autotag.adapters.aws.sqs import SqsQueue
from autotag.domain.model.exports import ExportFile, encode


class SqsExportQueue:
    """Implements the ``ExportQueue`` port. A task is far smaller than the limit of a message."""

    def __init__(self, client: Any, url: str) -> None:
        self._queue = SqsQueue(client, url)

    def send(self, tasks: Sequence[ExportFile]) -> None:
        """Queue every task, or raise ``Retryable``."""
        self._queue.send_bodies([(encode(task), 0) for task in tasks])
