"""The notifications API, version 2: receive and acknowledge the messages of poll channels."""

import base64
from typing import Any

import msgspec

from simulator.api.call import Call
from simulator.core.errors import ApiError, missing_parameter
from simulator.core.params import Params
from simulator.environment import Environment
from simulator.notifications.channels import Message

_MAX_HANDLES = 100


async def receive(environment: Environment, call: Call) -> dict[str, Any]:
    """Claim messages of one channel or one batch. Wait for the first; without any, the answer has no ``messages``."""
    params = call.params
    channel, batch_id = params.text("channel"), params.text("batch_id")
    if bool(channel) == bool(batch_id):
        raise ApiError(400, "Exactly one of channel and batch_id is expected")
    claimed = await environment.channels.receive(
        f"channel:{channel}" if channel else f"batch:{batch_id}",
        _number(params, "max_messages", 10, 1, 100),
        _number(params, "wait_seconds", 20, 0, 60),
        _number(params, "visibility_timeout", 30, 1, 600),
    )
    return {"messages": [_as_json(message) for message in claimed]} if claimed else {}


async def acknowledge(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete received messages, and return a status for each handle, in the order of the call."""
    handles = call.params.values.get("receipt_handles")
    if not handles:
        raise missing_parameter("receipt_handles")
    if not isinstance(handles, list):
        raise ApiError(400, "Invalid receipt_handles - a list is expected")
    if len(handles) > _MAX_HANDLES:
        raise ApiError(400, f"Too many receipt_handles - {len(handles)} (maximum is {_MAX_HANDLES})")
    results = [{"receipt_handle": handle, "status": environment.channels.acknowledge(handle)} for handle in handles]
    return {"results": results}


def _as_json(message: Message) -> dict[str, Any]:
    return {
        "receipt_handle": message.handle,
        "batch_id": message.batch_id,
        "payload": msgspec.json.decode(message.body),
        "signed_payload": base64.urlsafe_b64encode(message.body.encode()).decode().rstrip("="),
        "signature": message.signature,
        "timestamp": str(message.timestamp),
    }


def _number(params: Params, name: str, default: int, minimum: int, maximum: int) -> int:
    text = params.text(name) or str(default)
    if not text.isascii() or not text.isdecimal() or not minimum <= int(text[:9]) <= maximum:
        raise ApiError(400, f"Invalid {name} {text[:40]} - a number from {minimum} to {maximum} is expected")
    return int(text)
