"""JSON of the control API: typed request bodies, and answers."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response


async def read[T](request: Request, type_: type[T]) -> T:
    """Return the body of ``request`` as ``type_``. Raises ``msgspec.ValidationError`` or ``DecodeError``."""
    return msgspec.json.decode(await request.body(), type=type_)


def answer(value: Any, status: int = 200) -> Response:
    """Return a response with ``value`` as JSON."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")
