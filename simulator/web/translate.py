"""The endpoint of the local Translate: path ``/``, told apart by the header ``X-Amz-Target``.

Source: botocore's service model ``translate/2017-07-01``, metadata: protocol json 1.1 and ``targetPrefix``.
"""

import json
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.core.server_error import ServerError
from simulator.environment import Environment
from simulator.translate.errors import TranslateError
from simulator.web.aws_json import MEDIA_TYPE, body_of, check_call, without_type

PREFIX = "AWSShineFrontendService_20170701."
_MAX_BODY_BYTES = 64 * 1024


class TranslateEndpoint:
    """The endpoint of ``TranslateText``. It answers no other operation of Translate's."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def answer(self, request: Request) -> Response:
        """Answer one call, with the type of an error in a header and in the body."""
        headers = {"x-amzn-RequestId": secrets.token_hex(16)}
        try:
            check_call(request, f"{PREFIX}TranslateText", "Translate", TranslateError)
            too_large = TranslateError("TextSizeLimitExceededException", "Request size exceeded")
            document = _document(await body_of(request, _MAX_BODY_BYTES, too_large))
            return JSONResponse(self._environment.translate.translate(document), 200, headers, MEDIA_TYPE)
        except TranslateError as error:
            body = {"__type": error.name, "Message": str(error), **error.more}
            return JSONResponse(body, error.status, {**headers, "x-amzn-ErrorType": error.name}, MEDIA_TYPE)
        except ServerError as error:
            return without_type(error, headers)


def _document(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise TranslateError("SerializationException", f"The request is no JSON: {error}") from error
