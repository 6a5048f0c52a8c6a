"""AWS clients that lose answers as networks do, and clients whose calls are recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Wrapped:
    """A client whose calls are those of ``client``; subclasses change some."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class LosesAnswers(Wrapped):
    """A DynamoDB client whose first answer to each write is lost on the way, so that it sends the same once more."""

    def put_item(self, **request: Any) -> Any:
        """Send the request twice; the second answer is the one that arrives."""
        self._client.put_item(**request)
        return self._client.put_item(**request)

    def update_item(self, **request: Any) -> Any:
        """Send the request twice, too."""
        self._client.update_item(**request)
        return self._client.update_item(**request)


@contextmanager
def recorded_calls(client: Any, operation: str) -> Iterator[list[dict[str, Any]]]:
    """Record calls of ``operation`` while the block runs; yield the list of their parameters."""
    calls: list[dict[str, Any]] = []

    def record(params: dict[str, Any], **_: Any) -> None:
        calls.append(params)

    event = f"provide-client-params.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    client.meta.events.register(event, record)
    try:
        yield calls
    finally:
        client.meta.events.unregister(event, record)
