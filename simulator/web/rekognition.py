"""The endpoint of the local Rekognition: path ``/``, told apart by the header ``X-Amz-Target``.

Source: botocore's service model ``rekognition/2016-06-27``, metadata: protocol json 1.1, ``targetPrefix``,
``requestUri``; and the developer guide, "Error handling", for the body of an error.
"""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.core.errors import ApiError
from simulator.environment import Environment
from simulator.rekognition.detector import CutConnection, ServerError
from simulator.rekognition.errors import RekognitionError
from simulator.web.dropped import dropped

_PREFIX = "RekognitionService."
_MEDIA_TYPE = "application/x-amz-json-1.1"
_MAX_BODY_BYTES = 16 * 1024**2
"""More than 5 MB in base64, so that the local Rekognition says itself what is too large."""


class RekognitionEndpoint:
    """The endpoint of ``DetectLabels``. It answers no other operation of Rekognition's."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def answer(self, request: Request) -> Response:
        """Answer one call, with the type of an error in a header and in the body. Raises ``ApiError`` 404."""
        target = request.headers.get("x-amz-target", "")
        if not target.startswith(_PREFIX):
            raise ApiError(404, "Not Found")
        request_id = secrets.token_hex(16)
        headers = {"x-amzn-RequestId": request_id}
        try:
            _check(request, target)
            document = await self._environment.rekognition.detect(await _body(request), request_id)
            return JSONResponse(document, 200, headers, _MEDIA_TYPE)
        except RekognitionError as error:
            body = {"__type": error.name, "Code": error.name, "Logref": request_id, "Message": str(error)}
            return JSONResponse(body, error.status, {**headers, "x-amzn-ErrorType": error.name}, _MEDIA_TYPE)
        except ServerError as error:
            return Response("<html><h1>Server error</h1></html>", error.status, headers, "text/html")
        except CutConnection:
            return await dropped(self._environment.connections, request)


def _check(request: Request, target: str) -> None:
    """Check what every service of AWS checks first: the operation and the scope of the signature."""
    if target != f"{_PREFIX}DetectLabels":
        raise RekognitionError("UnknownOperationException", f"the local Rekognition has no {target}")
    authorization = request.headers.get("authorization", "")
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        raise RekognitionError("MissingAuthenticationTokenException", "Missing Authentication Token")
    if "/rekognition/aws4_request" not in authorization:
        raise RekognitionError(
            "InvalidSignatureException", "Credential should be scoped to correct service: 'rekognition'."
        )


async def _body(request: Request) -> bytes:
    """Return the body. Raises ``RekognitionError`` if it is larger than any request."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            raise RekognitionError("RequestEntityTooLargeException", "Request size exceeded")
    return bytes(body)
