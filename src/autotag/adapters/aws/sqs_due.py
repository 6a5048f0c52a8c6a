"""The live queue as the poller uses it: messages about due work."""

from collections.abc import Callable, Sequence
from typing import Any

from autotag.adapters.aws.sqs import SqsQueue
from autotag.adapters.aws.sqs_depths import SqsDepths
from autotag.domain.model.messages import DetectLabels, FinishDue, encode

_LIVE = "live"


class SqsDueQueue:
    """Implements the ``DueQueue`` port. Threads share it. ``message`` makes the message about an asset."""

    def __init__(self, client: Any, url: str, message: Callable[[str], FinishDue | DetectLabels] = FinishDue) -> None:
        self._queue, self._depths = SqsQueue(client, url), SqsDepths(client, {_LIVE: url})
        self._message = message

    def waiting(self) -> int:
        """Return about how many messages of any kind wait to be received, or raise ``Retryable``."""
        return self._depths.depth(_LIVE).waiting

    def send(self, asset_ids: Sequence[str]) -> None:
        """Queue a message for each asset, ten in a call, or raise ``Retryable``."""
        self._queue.send_bodies([(encode(self._message(asset_id)), 0) for asset_id in asset_ids])
