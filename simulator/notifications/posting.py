"""Notifications over HTTP, to URLs of this machine only: a local simulator must not reach other machines."""

import asyncio
import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

_TIMEOUT_SECONDS = 20
_MAX_PARALLEL = 64


class PostResult(NamedTuple):
    """The answer of a receiver. Without an answer ``status`` is None, and ``error`` says why."""

    status: int | None
    error: str = ""
    permanent: bool = False
    """Whether a retry cannot succeed."""


class Poster:
    """An HTTP client that posts up to 64 notifications at once."""

    def __init__(self) -> None:
        # trust_env=False: no proxy of the environment between two processes of one machine
        # no keep-alive: a connection that the receiver closed would count as a failed attempt
        self._client = httpx.AsyncClient(
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )
        self._slots = asyncio.Semaphore(_MAX_PARALLEL)

    async def post(self, url: str, body: str, headers: dict[str, str]) -> PostResult:
        """Post ``body`` once."""
        if not _is_loopback(url):
            return PostResult(None, "not sent: expected an http or https URL of this machine", permanent=True)
        try:
            async with self._slots, asyncio.timeout(_TIMEOUT_SECONDS):
                response = await self._client.post(url, content=body.encode(), headers=headers)
        except TimeoutError:
            return PostResult(None, f"no answer within {_TIMEOUT_SECONDS} seconds")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return PostResult(None, f"{type(error).__name__}: {error}")
        return PostResult(response.status_code)

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
