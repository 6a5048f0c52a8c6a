"""Clients that misbehave as networks do, and clients that are watched."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class LosesAnswers:
    """A DynamoDB client whose first answer to each write is lost on the way, so that it sends the same once more."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def put_item(self, **request: Any) -> Any:
        """Send the request twice; the second answer is the one that arrives."""
        self._client.put_item(**request)
        return self._client.put_item(**request)

    def update_item(self, **request: Any) -> Any:
        """Send the request twice, too."""
        self._client.update_item(**request)
        return self._client.update_item(**request)


@contextmanager
def watched(client: Any, operation: str) -> Iterator[list[dict[str, Any]]]:
    """Yield a list that receives the parameters of every call of ``operation`` meanwhile."""
    seen: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        seen.append(params)

    event = f"provide-client-params.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    client.meta.events.register(event, note)
    try:
        yield seen
    finally:
        client.meta.events.unregister(event, note)
