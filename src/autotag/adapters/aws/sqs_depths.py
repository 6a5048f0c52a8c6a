"""How many messages the queues hold."""

from collections.abc import Mapping
from typing import Any

from autotag.adapters.aws.client import asking
from autotag.domain.model.health import Depth

_WAITING, _IN_FLIGHT = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"


class SqsDepths:
    """The reader of queue depths. ``urls`` has the URL of each queue by the name to report it under."""

    def __init__(self, client: Any, urls: Mapping[str, str]) -> None:
        self._client, self._urls = client, dict(urls)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the queues."""
        return tuple(self._urls)

    def depth(self, name: str) -> Depth:
        """Return how many messages the queue with that name holds."""
        with asking("SQS"):
            answer = self._client.get_queue_attributes(QueueUrl=self._urls[name], AttributeNames=[_WAITING, _IN_FLIGHT])
        attributes = answer["Attributes"]
        return Depth(int(attributes[_WAITING]), int(attributes[_IN_FLIGHT]))
