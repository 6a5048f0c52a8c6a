"""Answers that are not sent: the connection is closed instead."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from simulator.core.connections import Connections


class DroppedResponse(Response):
    """A response that sends nothing, since the connection is closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send nothing."""


async def dropped(connections: Connections, request: Request) -> DroppedResponse:
    """Close the connection of ``request``, and return what to answer then."""
    await connections.drop(request)
    return DroppedResponse()
