"""The interfaces of the intakes: the poll channel and the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from autotag.domain.model.messages import Message
    from autotag.domain.notifications.polled import Polled


class Channel(Protocol):
    """A poll channel, where notifications wait to be fetched. Raises the errors of ``autotag.domain.errors``."""

    def receive(self, wait: int) -> list[Polled]:
        """Return the messages that wait, or the first that comes within ``wait`` seconds.

        The channel hides them from other receivers for a minute.
        """
        ...

    def acknowledge(self, receipt_handles: list[str]) -> None:
        """Remove messages from the channel for good."""
        ...


class Queue(Protocol):
    """The live queue."""

    def send(self, messages: list[Message]) -> None:
        """Queue every message, or raise ``Retryable``; some may be queued even then."""
        ...
