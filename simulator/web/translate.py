"""The endpoint of the local Translate: path ``/``, told apart by the header ``X-Amz-Target``.

Source: botocore's service model ``translate/2017-07-01``, metadata: protocol json 1.1 and ``targetPrefix``.
"""

import json
import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.environment import Environment
from simulator.translate.errors import TranslateError
from simulator.translate.translator import ServerError

PREFIX = "AWSShineFrontendService_20170701."
_MEDIA_TYPE = "application/x-amz-json-1.1"
_MAX_BODY_BYTES = 64 * 1024


class TranslateEndpoint:
    """The endpoint of ``TranslateText``. It answers no other operation of Translate's."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def answer(self, request: Request) -> Response:
        """Answer one call, with the type of an error in a header and in the body."""
        headers = {"x-amzn-RequestId": secrets.token_hex(16)}
        try:
            _check(request.headers)
            document = _document(await _body(request))
            return JSONResponse(self._environment.translate.translate(document), 200, headers, _MEDIA_TYPE)
        except TranslateError as error:
            body = {"__type": error.name, "Message": str(error), **error.more}
            return JSONResponse(body, error.status, {**headers, "x-amzn-ErrorType": error.name}, _MEDIA_TYPE)
        except ServerError as error:
            return Response("<html><h1>Server error</h1></html>", error.status, headers, "text/html")


def _check(headers: Mapping[str, str]) -> None:
    """Check what every service of AWS checks first: the operation and the scope of the signature."""
    target, authorization = headers.get("x-amz-target", ""), headers.get("authorization", "")
    if target != f"{PREFIX}TranslateText":
        raise TranslateError("UnknownOperationException", f"the local Translate has no {target}")
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        raise TranslateError("MissingAuthenticationTokenException", "Missing Authentication Token")
    if "/translate/aws4_request" not in authorization:
        raise TranslateError(
            "InvalidSignatureException", "Credential should be scoped to correct service: 'translate'."
        )


def _document(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise TranslateError("SerializationException", f"The request is no JSON: {error}") from error


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            raise TranslateError("TextSizeLimitExceededException", "Request size exceeded")
    return bytes(body)
