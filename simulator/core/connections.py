"""The server's open connections: a fault can drop one without an answer, and a caller may leave while it waits."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from starlette.requests import Request
from uvicorn.server import ServerState


class Connections:
    """Knows the server only once it runs."""

    def __init__(self) -> None:
        self._state: ServerState | None = None

    def attach(self, state: ServerState) -> None:
        """Say whose connections these are."""
        self._state = state

    async def drop(self, request: Request) -> None:
        """Reset the connection that ``request`` came on, and return once it is gone."""
        if self._state is None or request.client is None:
            return
        for protocol in list(self._state.connections):
            if getattr(protocol, "client", None) == tuple(request.client):
                protocol.transport.abort()
        while not await request.is_disconnected():
            await asyncio.sleep(0.001)


async def unless_left[T](request: Request, work: Awaitable[T]) -> T | None:
    """Return what ``work`` gives, or None, having ended it, once the caller has closed the connection.

    The body of ``request`` must have been read.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()


async def _left(request: Request) -> None:
    message: dict[str, Any] = {}
    while message.get("type") != "http.disconnect":
        message = dict(await request.receive())
