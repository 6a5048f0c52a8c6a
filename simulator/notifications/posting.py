"""Notifications over HTTP, to URLs of this machine only: a local simulator must reach nobody else."""

import asyncio
import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

_TIMEOUT_SECONDS = 20
_AT_ONCE = 64


class Answer(NamedTuple):
    """What a receiver answered: ``status`` is None without an answer, then ``error`` says why."""

    status: int | None
    error: str = ""
    permanent: bool = False
    """Trying again is of no use."""


class Poster:
    """Posts up to 64 notifications at once."""

    def __init__(self) -> None:
        # trust_env off: a proxy of the environment must not come between two processes of one machine
        # and no kept-alive connection, whose closing by the receiver would count as a failed attempt
        self._client = httpx.AsyncClient(
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def post(self, url: str, body: str, headers: dict[str, str]) -> Answer:
        """Post ``body`` once."""
        if not _is_loopback(url):
            return Answer(None, "only http and https URLs of this machine are posted to", permanent=True)
        try:
            async with self._turns, asyncio.timeout(_TIMEOUT_SECONDS):
                answer = await self._client.post(url, content=body.encode(), headers=headers)
        except TimeoutError:
            return Answer(None, f"no answer within {_TIMEOUT_SECONDS} seconds")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Answer(None, f"{type(error).__name__}: {error}")
        return Answer(answer.status_code)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


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
