"""How many messages the queues hold."""

from collections.abc import Mapping
from typing import Any

from autotag.adapters.aws.client import asking
from autotag.domain.model.health import Depth

_WAITING, _IN_FLIGHT = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"


class SqsDepths:
    """Reads the attributes of the queues in ``urls``, by the names that they are told under."""

    def __init__(self, client: Any, urls: Mapping[str, str]) -> None:
        self._client, self._urls = client, dict(urls)

    def depths(self) -> dict[str, Depth]:
        """Return the depth of each queue."""
        return {name: self._depth(url) for name, url in self._urls.items()}

    def _depth(self, url: str) -> Depth:
        with asking("SQS"):
            answer = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=[_WAITING, _IN_FLIGHT])
        told = answer["Attributes"]
        return Depth(int(told[_WAITING]), int(told[_IN_FLIGHT]))
