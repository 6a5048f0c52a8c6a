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
from simulator.notifications.notification_signing import Signed
from simulator.notifications.outgoing import POLL, Outgoing

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


class Channels:
    """Messages by address, in order of arrival. Visibility is measured by the simulated clock."""

    def __init__(self, clock: Clock, database: Database) -> None:
        self._clock = clock
        self._messages = Table(database, "message", Message)
        self._changed = asyncio.Event()
        self._ending = False
        self.polls = 0
        """The number of receives in progress."""

    def put(self, outgoing: Outgoing, signed: Signed) -> None:
        """Buffer a notification. One for ``poll://*`` is addressed by its batch_id."""
        channel = outgoing.destination.uri.removeprefix(POLL)
        self._save(
            Message(
                id=secrets.token_hex(12),
                address=f"batch:{outgoing.batch_id}" if channel == "*" else f"channel:{channel}",
                batch_id=outgoing.batch_id,
                body=outgoing.body,
                signature=signed.signature,
                timestamp=signed.timestamp,
            )
        )
        self.wake()

    async def receive(self, address: str, at_most: int, wait_seconds: float, visibility: float) -> list[Message]:
        """Claim up to ``at_most`` messages for ``visibility`` seconds, as soon as there is at least one.

        Returns an empty list after ``wait_seconds`` of real time.
        """
        deadline = time.monotonic() + wait_seconds
        self.polls += 1
        try:
            while not (claimed := self._claim(address, at_most, visibility)):
                left = deadline - time.monotonic()
                if left <= 0 or self._ending:
                    break
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), min(left, self._next_visible(address)))
        finally:
            self.polls -= 1
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

    def waiting(self) -> list[Message]:
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

    def _claim(self, address: str, at_most: int, visibility: float) -> list[Message]:
        now = self._clock.now()
        visible = [m for m in self._messages.values() if m.address == address and m.visible_at <= now]
        return [
            self._save(
                replace(
                    message,
                    visible_at=now + visibility,
                    handle=f"{message.id}.{secrets.token_hex(8)}",
                    receives=message.receives + 1,
                )
            )
            for message in visible[:at_most]
        ]

    def _next_visible(self, address: str) -> float:
        """Return the seconds until a message of ``address`` becomes visible again; infinite without one."""
        claimed = [m.visible_at for m in self._messages.values() if m.address == address]
        return max(0.0, min(claimed) - self._clock.now()) + 0.001 if claimed else float("inf")

    def _save(self, message: Message) -> Message:
        self._messages.save(message.id, message)
        return message
