"""The endpoint of the local Rekognition: path ``/``, told apart by the header ``X-Amz-Target``.

Source: botocore's service model ``rekognition/2016-06-27``, metadata: protocol json 1.1, ``targetPrefix``,
``requestUri``; and the developer guide, "Error handling", for the body of an error.
"""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.core.errors import ApiError
from simulator.core.server_error import ServerError
from simulator.environment import Environment
from simulator.rekognition.detector import CutConnection
from simulator.rekognition.errors import RekognitionError
from simulator.web.aws_json import MEDIA_TYPE, body_of, check_call, without_type
from simulator.web.dropped import dropped

_PREFIX = "RekognitionService."
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
            check_call(request, f"{_PREFIX}DetectLabels", "Rekognition", RekognitionError)
            body = await body_of(
                request, _MAX_BODY_BYTES, RekognitionError("RequestEntityTooLargeException", "Request size exceeded")
            )
            document = await self._environment.rekognition.detect(body, request_id)
            return JSONResponse(document, 200, headers, MEDIA_TYPE)
        except RekognitionError as error:
            fields = {"__type": error.name, "Code": error.name, "Logref": request_id, "Message": str(error)}
            return JSONResponse(fields, error.status, {**headers, "x-amzn-ErrorType": error.name}, MEDIA_TYPE)
        except ServerError as error:
            return without_type(error, headers)
        except CutConnection:
            return await dropped(self._environment.connections, request)
