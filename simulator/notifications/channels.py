"""Poll channels: they buffer notifications, and return one again unless it is acknowledged in time."""

import asyncio
import contextlib
import secrets
import time
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from simulator.core.clock import Clock
from simulator.core.database import Database, Table
from simulator.notifications.notification_signing import NotificationSignature
from simulator.notifications.outgoing import POLL, OutgoingNotification

AckStatus = Literal["acked", "expired", "not_found"]


class Message(Struct, frozen=True):
    """A buffered notification. ``address`` is ``channel:<name>`` or ``batch:<batch_id>``.

    ``handle`` is that of the latest receive, whose claim ends at ``visible_at`` (unix seconds).
    """

    id: str
    address: str
    batch_id: str
    body: str
    signature: str
    timestamp: int
    visible_at: float = 0.0
    handle: str = ""
    receives: int = 0


class PollChannels:
    """Messages by address, in order of arrival. Visibility is measured by the simulated clock."""

    def __init__(self, clock: Clock, database: Database) -> None:
        self._clock = clock
        self._messages = Table(database, "message", Message)
        self._changed = asyncio.Event()
        self._ending = False
        self.open_receives = 0
        """The number of receives in progress."""

    def put(self, outgoing: OutgoingNotification, signature: NotificationSignature) -> None:
        """Buffer a notification. One for ``poll://*`` is addressed by its batch_id."""
        channel = outgoing.destination.uri.removeprefix(POLL)
        self._save(
            Message(
                id=secrets.token_hex(12),
                address=f"batch:{outgoing.batch_id}" if channel == "*" else f"channel:{channel}",
                batch_id=outgoing.batch_id,
                body=outgoing.body,
                signature=signature.signature,
                timestamp=signature.timestamp,
            )
        )
        self.wake()

    async def receive(
        self, address: str, max_messages: int, wait_seconds: float, visibility_seconds: float
    ) -> list[Message]:
        """Claim up to ``max_messages`` messages for ``visibility_seconds``, as soon as there is at least one.

        Returns an empty list after ``wait_seconds`` of real time.
        """
        deadline = time.monotonic() + wait_seconds
        self.open_receives += 1
        try:
            while not (claimed := self._claim(address, max_messages, visibility_seconds)):
                remaining = deadline - time.monotonic()
                if remaining <= 0 or self._ending:
                    break
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), min(remaining, self._next_visible(address)))
        finally:
            self.open_receives -= 1
        return claimed

    def acknowledge(self, handle: str) -> AckStatus:
        """Delete the message that ``handle`` was given for, unless the claim has expired or it was received again."""
        message = self._messages.get(handle.partition(".")[0])
        if message is None:
            return "not_found"
        if message.handle != handle or message.visible_at <= self._clock.now():
            return "expired"
        self._messages.remove(message.id)
        return "acked"

    def unacknowledged(self) -> list[Message]:
        """Return every message that was not acknowledged."""
        return self._messages.values()

    def wake(self) -> None:
        """Make waiting receives check again: a message came, or the clock was set."""
        self._changed.set()
        self._changed = asyncio.Event()

    def end_waits(self) -> None:
        """End all waiting receives at once; later ones do not wait."""
        self._ending = True
        self.wake()

    def clear(self) -> None:
        """Remove all messages from memory."""
        self._messages.clear()

    def _claim(self, address: str, max_messages: int, visibility_seconds: float) -> list[Message]:
        now = self._clock.now()
        visible = [message for message in self._at(address) if message.visible_at <= now]
        return [
            self._save(
                replace(
                    message,
                    visible_at=now + visibility_seconds,
                    handle=f"{message.id}.{secrets.token_hex(8)}",
                    receives=message.receives + 1,
                )
            )
            for message in visible[:max_messages]
        ]

    def _next_visible(self, address: str) -> float:
        """Return the seconds until a message of ``address`` becomes visible again; infinite without one."""
        times = [message.visible_at for message in self._at(address)]
        return max(0.0, min(times) - self._clock.now()) + 0.001 if times else float("inf")

    def _at(self, address: str) -> list[Message]:
        return [message for message in self._messages.values() if message.address == address]

    def _save(self, message: Message) -> Message:
        self._messages.save(message.id, message)
        return message
