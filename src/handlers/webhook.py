"""The Function URL that Cloudinary posts notifications to."""

from handlers import cold_start

cold_start.begin()

import base64
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from autotag import bootstrap
from autotag.telemetry import in_one_line


@in_one_line
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request to the Function URL."""
    return respond(event, bootstrap.webhook())


def respond(event: dict[str, Any], webhook: bootstrap.WebhookHandler) -> dict[str, Any]:
    """Return the response of ``webhook`` to a Function URL event (payload format 2.0)."""
    if event["requestContext"]["http"]["method"] != "POST":
        return _answer(HTTPStatus.METHOD_NOT_ALLOWED)
    body = event.get("body") or ""
    try:
        raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else _bytes(body)
    except ValueError:  # not base64, or not even ASCII
        return _answer(HTTPStatus.BAD_REQUEST)
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    return _answer(HTTPStatus(webhook(raw, headers)))


def _bytes(body: str) -> bytes:
    return body.encode(errors="surrogatepass")  # accept any text: the signature decides


def _answer(status: HTTPStatus) -> dict[str, Any]:
    allow = {"allow": "POST"} if status is HTTPStatus.METHOD_NOT_ALLOWED else {}
    return {
        "statusCode": int(status),
        "headers": {"content-type": "text/plain; charset=utf-8", **allow},
        "body": status.phrase,
    }


bootstrap.webhook()  # in the init phase, which Lambda runs at full speed
cold_start.end()
