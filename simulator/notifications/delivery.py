"""Delivery of notifications: posted and retried on any answer but 200, or buffered for polling, and recorded."""

import asyncio
import contextlib
import secrets
from typing import NamedTuple

from msgspec import Struct

from simulator.core.background import Background
from simulator.core.clock import Clock, iso_microseconds
from simulator.core.live_settings import LiveSettings
from simulator.faults.delivery_faults import NO_FAULT, Delivery, DeliveryFault, DeliveryFaults
from simulator.notifications.channels import PollChannels
from simulator.notifications.notification_signing import NotificationSigner
from simulator.notifications.outgoing import POLL, OutgoingNotification
from simulator.notifications.posting import Poster, PostResult

_NOTHING_POSTED = PostResult(None)
_WAITS_SECONDS = (0, 180, 360, 540)
"""Seconds before the first attempt and before each of three retries, divided by the time scale."""


class DeliveryAttempt(Struct, frozen=True):
    """One attempt of delivery, with the headers and the body as sent.

    ``outcome`` is delivered, retrying or given_up, buffered (in a poll channel) or lost (by a fault).
    """

    delivery_id: str
    attempt: int
    at: str
    url: str
    notification_type: str
    public_ids: list[str]
    headers: dict[str, str]
    body: str
    status: int | None
    error: str
    outcome: str


class _Attempt(NamedTuple):
    """One attempt: its number (0 if nothing was sent), its time (unix seconds) and the headers sent."""

    delivery_id: str
    number: int
    at: float
    headers: dict[str, str]


class Deliverer:
    """The delivery of notifications in the background, with the faults that the control API set."""

    def __init__(
        self,
        clock: Clock,
        settings: LiveSettings,
        background: Background,
        signer: NotificationSigner,
        channels: PollChannels,
        faults: DeliveryFaults,
    ) -> None:
        self._clock = clock
        self._settings = settings
        self._background = background
        self._signer = signer
        self._channels = channels
        self._faults = faults
        self._poster = Poster()
        self._held_back: dict[str, list[asyncio.Event]] = {}
        self.attempts: list[DeliveryAttempt] = []

    def send(self, outgoing: OutgoingNotification) -> None:
        """Begin to deliver ``outgoing`` at once, unless a fault prevents or delays it."""
        delivery = Delivery(outgoing.event, outgoing.public_ids, outgoing.destination.uri)
        fault = self._faults.apply(delivery) or NO_FAULT
        if fault.lost:
            self._record(outgoing, _Attempt(secrets.token_hex(8), 0, self._clock.now(), {}), "lost")
            return
        for _ in range(1 + fault.copies):
            self._background.start(self._deliver(outgoing, fault))

    def clear(self) -> None:
        """Forget all attempts and all notifications that are held back."""
        self.attempts.clear()
        self._held_back.clear()

    async def close(self) -> None:
        """Close the connections."""
        await self._poster.close()

    async def _deliver(self, outgoing: OutgoingNotification, fault: DeliveryFault) -> None:
        await self._wait(outgoing.destination.uri, fault)
        if outgoing.destination.uri.startswith(POLL):
            self._buffer(outgoing, fault)
        else:
            await self._post(outgoing, fault)

    async def _wait(self, uri: str, fault: DeliveryFault) -> None:
        if not fault.after_next:
            await asyncio.sleep(fault.delay)
            return
        later = asyncio.Event()
        self._held_back.setdefault(uri, []).append(later)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(later.wait(), fault.delay or None)

    def _release(self, uri: str) -> None:
        for event in self._held_back.pop(uri, []):
            event.set()

    def _buffer(self, outgoing: OutgoingNotification, fault: DeliveryFault) -> None:
        at = self._clock.now()
        signature = self._signer.sign(outgoing, at, fault)
        self._channels.put(outgoing, signature)
        headers = {"timestamp": str(signature.timestamp), "signature": signature.signature}
        self._record(outgoing, _Attempt(secrets.token_hex(8), 1, at, headers), "buffered")
        self._release(outgoing.destination.uri)

    async def _post(self, outgoing: OutgoingNotification, fault: DeliveryFault) -> None:
        delivery_id, uri = secrets.token_hex(8), outgoing.destination.uri
        for number, wait in enumerate(_WAITS_SECONDS, 1):
            await asyncio.sleep(wait / self._settings.current.time_scale)
            at = self._clock.now()
            headers = self._signer.sign(outgoing, at, fault).headers(outgoing.destination.auth_scheme)
            result = await self._poster.post(uri, outgoing.body, headers)
            last = result.permanent or number == len(_WAITS_SECONDS)
            outcome = "delivered" if result.status == 200 else "given_up" if last else "retrying"
            self._record(outgoing, _Attempt(delivery_id, number, at, headers), outcome, result)
            self._release(uri)
            if outcome != "retrying":
                return

    def _record(
        self, outgoing: OutgoingNotification, attempt: _Attempt, outcome: str, result: PostResult = _NOTHING_POSTED
    ) -> None:
        self.attempts.append(
            DeliveryAttempt(
                delivery_id=attempt.delivery_id,
                attempt=attempt.number,
                at=iso_microseconds(attempt.at),
                url=outgoing.destination.uri,
                notification_type=outgoing.event,
                public_ids=outgoing.public_ids,
                headers=attempt.headers,
                body=outgoing.body,
                status=result.status,
                error=result.error,
                outcome=outcome,
            )
        )
