"""The Function URL for operators. Its AuthType is AWS_IAM, so the caller is known."""

from handlers import cold_start

cold_start.begin()

import base64
from typing import Any

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.domain.errors import Conflict, Forbidden, Invalid, Missing, Retryable
from autotag.service.operations.api import OperatorDependencies, answer
from autotag.telemetry import in_one_line


@in_one_line
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    return respond(event, bootstrap.ops())


def respond(event: dict[str, Any], deps: OperatorDependencies) -> dict[str, Any]:
    """Return the response to a Function URL event: 200, or 400, 403, 404, 409 or 503 with an error message."""
    iam = (event["requestContext"].get("authorizer") or {}).get("iam") or {}
    caller = iam.get("userArn", "unknown")
    deps.telemetry.info("ops_request", caller=caller)
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            body = base64.b64decode(body, validate=True)
        except ValueError:  # not base64, or not even ASCII
            return _refuse(400, "the body is not base64")
    try:
        return _answer(200, answer(deps, body, caller))
    except Invalid as error:
        return _refuse(400, str(error))
    except Forbidden as error:
        return _refuse(403, str(error))
    except Missing as error:
        return _refuse(404, str(error))
    except Conflict as error:
        return _refuse(409, str(error))
    except Retryable as error:
        return _refuse(503, str(error))


def _refuse(status: int, message: str) -> dict[str, Any]:
    return _answer(status, msgspec.json.encode({"error": {"message": message}}))


def _answer(status: int, body: bytes) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": body.decode()}


bootstrap.ops()  # in the init phase, which Lambda runs at full speed
cold_start.end()
