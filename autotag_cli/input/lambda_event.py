"""The event that a Lambda function gets for an HTTP request, which holds a notification's body and headers.

Shapes: docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html (payload format 2.0), and the events of API Gateway
(format 1.0) and of load balancers, whose headers may be in ``multiValueHeaders`` alone.
"""

import base64
import json
from typing import Any, NamedTuple

from autotag.domain.errors import Invalid


class LambdaEvent(NamedTuple):
    """A request: the bytes of its body, and its headers by lower-case name."""

    body: bytes
    headers: dict[str, str]


def read_event(raw: bytes, name: str) -> LambdaEvent | None:
    """Return the request in a Lambda event, or None if ``raw`` is none.

    Raises ``Invalid`` that names the file ``name`` if its body is marked as base64, but is not.
    """
    try:
        event: object = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or not isinstance(event.get("body"), str | None) or "body" not in event:
        return None
    headers = _headers(event)
    if not isinstance(event.get("requestContext"), dict) and not headers:
        return None
    text = event["body"] or ""
    if event.get("isBase64Encoded") is not True:
        return LambdaEvent(text.encode(errors="surrogatepass"), headers)
    try:
        return LambdaEvent(base64.b64decode(text, validate=True), headers)
    except ValueError as error:
        raise Invalid(f"{name}: body", "expected base64, since isBase64Encoded is true in this Lambda event") from error


def _headers(event: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in ("multiValueHeaders", "headers"):
        values = event.get(field)
        for name, value in values.items() if isinstance(values, dict) else ():
            text = value[-1] if isinstance(value, list) and value else value
            if isinstance(text, str):
                found[name.lower()] = text
    return found
