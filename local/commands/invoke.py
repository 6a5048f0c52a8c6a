"""``make invoke``: call the deployed function that handles an event."""

import base64
import copy
import hmac
import json
import time
from pathlib import Path
from typing import Any

from autotag.domain.notifications.signature import digest
from local.clients.functions import FunctionResult, function_for, invoke_function
from local.core.credentials import DOCUMENTED_TIMESTAMP, NOTIFICATION_SECRET
from local.core.errors import LocalError
from local.stack.stack import Stack


def invoke(stack: Stack, path: Path) -> tuple[str, FunctionResult]:
    """Call the function that handles the event in ``path``; return its name and its result.

    Raises ``LocalError`` if there is no such event or function.
    """
    try:
        event = json.loads(path.read_bytes())
    except OSError as error:
        raise LocalError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise LocalError(f"{path} is not JSON: {error}.") from error
    function = function_for(event)
    return function, invoke_function(stack, function, sign_for_now(event) if function == "Webhook" else event)


def sign_for_now(event: dict[str, Any], now: float | None = None) -> dict[str, Any]:
    """Return a URL request with its documented timestamp moved to ``now`` (unix seconds), others unchanged.

    A valid signature is made valid for the new timestamp. An invalid one is unchanged, so that a forged
    example stays forged.
    """
    headers: dict[str, str] = event.get("headers") or {}
    names = {name.lower(): name for name in headers}
    if headers.get(names.get("x-cld-timestamp", "")) != DOCUMENTED_TIMESTAMP:
        return event
    new_timestamp = str(int(time.time() if now is None else now))
    updated = copy.deepcopy(event)
    updated["headers"][names["x-cld-timestamp"]] = new_timestamp
    signature = headers.get(names.get("x-cld-signature", ""), "")
    algorithm = "sha256" if len(signature) == 64 else "sha1"

    def sign(timestamp: str) -> str:
        return digest(_body(event), timestamp, NOTIFICATION_SECRET, algorithm=algorithm)

    if hmac.compare_digest(sign(DOCUMENTED_TIMESTAMP), signature):
        updated["headers"][names["x-cld-signature"]] = sign(new_timestamp)
    return updated


def with_decoded_body(payload: Any) -> Any:
    """Return ``payload``, with its body decoded if that is JSON, to be shown to people."""
    match payload:
        case {"body": str(text), "headers": {"content-type": "application/json"}}:
            return {**payload, "body": json.loads(text)}
    return payload


def _body(event: dict[str, Any]) -> bytes:
    text: str = event.get("body") or ""
    return base64.b64decode(text) if event.get("isBase64Encoded") else text.encode()
