"""The server's open connections: a fault can drop one without an answer, and a caller may disconnect while it waits."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from starlette.requests import Request
from uvicorn.server import ServerState


class Connections:
    """The connections of the server, known once it runs."""

    def __init__(self) -> None:
        self._state: ServerState | None = None

    def attach(self, state: ServerState) -> None:
        """Set the state of the running server, which lists its connections."""
        self._state = state

    async def drop(self, request: Request) -> None:
        """Abort the connection of ``request``, and return once it is closed."""
        if self._state is None or request.client is None:
            return
        for protocol in list(self._state.connections):
            if getattr(protocol, "client", None) == tuple(request.client):
                protocol.transport.abort()
        while not await request.is_disconnected():
            await asyncio.sleep(0.001)


async def cancel_on_disconnect[T](request: Request, work: Awaitable[T]) -> T | None:
    """Return the result of ``work``. If the caller disconnects first, cancel ``work`` and return None.

    The body of ``request`` must have been read before.
    """
    task = asyncio.ensure_future(work)
    disconnect = asyncio.ensure_future(_wait_for_disconnect(request))
    try:
        await asyncio.wait({task, disconnect}, return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        task.cancel()
        disconnect.cancel()


async def _wait_for_disconnect(request: Request) -> None:
    message: dict[str, Any] = {}
    while message.get("type") != "http.disconnect":
        message = dict(await request.receive())
