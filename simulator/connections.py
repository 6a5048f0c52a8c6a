"""The server's open connections, so that a fault can drop one without an answer."""

import asyncio

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
