"""What the endpoints of AWS's services have in common that speak JSON 1.1: the checks of a call, its body, a fault.

Source: botocore's service models, metadata: protocol json 1.1 and ``targetPrefix``.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from simulator.core.server_error import ServerError

MEDIA_TYPE = "application/x-amz-json-1.1"

MakeError = Callable[[str, str], Exception]
"""Makes an error of a service from its name and a sentence."""


def check_call(request: Request, target: str, service: str, make_error: MakeError) -> None:
    """Check what every service of AWS checks first: the operation, ``target``, and the scope of the signature."""
    asked, authorization = (request.headers.get(name, "") for name in ("x-amz-target", "authorization"))
    if asked != target:
        raise make_error("UnknownOperationException", f"the local {service} has no {asked}")
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        raise make_error("MissingAuthenticationTokenException", "Missing Authentication Token")
    scope = service.lower()
    if f"/{scope}/aws4_request" not in authorization:
        raise make_error("InvalidSignatureException", f"Credential should be scoped to correct service: '{scope}'.")


async def body_of(request: Request, most: int, too_large: Exception) -> bytes:
    """Return the body. Raises ``too_large`` if it has more than ``most`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise too_large
    return bytes(body)


def without_type(error: ServerError, headers: dict[str, str]) -> Response:
    """Return the answer to a call that fails without a type, as behind a broken load balancer."""
    return Response("<html><h1>Server error</h1></html>", error.status, headers, "text/html")
