"""Notifications on their way: signed, posted, tried again on anything but 200, and recorded."""

import asyncio
import ipaddress
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from simulator.accounts import Account
from simulator.background import Background
from simulator.clock import Clock, iso_microseconds
from simulator.live import Live
from simulator.signing import sign_notification

WAITS_SECONDS = (0, 180, 360, 540)
"""Before the first attempt and before each of three more, divided by the time scale."""
_TIMEOUT_SECONDS = 20
_AT_ONCE = 64


class Attempt(Struct, frozen=True):
    """One attempt as it went over the wire. ``outcome`` is delivered, retrying or given_up."""

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


class Deliverer:
    """Delivers in the background, and to loopback URLs only: a local simulator must reach nobody else."""

    def __init__(self, account: Account, clock: Clock, live: Live, background: Background) -> None:
        self._account = account
        self._clock = clock
        self._live = live
        self._background = background
        # trust_env off: a proxy of the environment must not come between two processes of one machine
        # and no kept-alive connection, whose closing by the receiver would count as a failed attempt
        self._client = httpx.AsyncClient(
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self.attempts: list[Attempt] = []

    def send(self, url: str, notification: dict[str, Any], public_ids: list[str]) -> None:
        """Deliver ``notification`` to ``url``, beginning at once."""
        body = json.dumps(notification, ensure_ascii=False, separators=(",", ":"))
        self._background.start(self._deliver(url, str(notification["notification_type"]), body, public_ids))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _deliver(self, url: str, kind: str, body: str, public_ids: list[str]) -> None:
        delivery_id = secrets.token_hex(8)
        for number, wait in enumerate(WAITS_SECONDS, 1):
            await asyncio.sleep(wait / self._live.settings.time_scale)
            at = self._clock.now()
            headers = self._sign(body, int(at))
            status, error, permanent = await self._post(url, body, headers)
            last = permanent or number == len(WAITS_SECONDS)
            outcome = "delivered" if status == 200 else "given_up" if last else "retrying"
            self.attempts.append(
                Attempt(
                    delivery_id, number, iso_microseconds(at), url, kind, public_ids, headers, body,
                    status, error, outcome,
                )
            )  # fmt: skip
            if outcome != "retrying":
                return

    async def _post(self, url: str, body: str, headers: dict[str, str]) -> tuple[int | None, str, bool]:
        if not _is_loopback(url):
            return None, "only http and https URLs of this machine are posted to", True
        try:
            async with self._turns, asyncio.timeout(_TIMEOUT_SECONDS):
                answer = await self._client.post(url, content=body.encode(), headers=headers)
        except TimeoutError:
            return None, f"no answer within {_TIMEOUT_SECONDS} seconds", False
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return None, f"{type(error).__name__}: {error}", False
        return answer.status_code, "", False

    def _sign(self, body: str, timestamp: int) -> dict[str, str]:
        secret = self._account.keys[self._account.signing_key]
        algorithm = self._live.settings.notification_algorithm
        return {
            "Content-Type": "application/json",
            "X-Cld-Timestamp": str(timestamp),
            "X-Cld-Signature": sign_notification(body, timestamp, secret, algorithm),
        }


def _is_loopback(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https"):
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
