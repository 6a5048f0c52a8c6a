"""Calls of the deployed stack, by HTTP alone, and waiting for their results."""

from typing import Any

import requests

from autotag.domain.errors import Missing
from local.clients.ops import ops as ops
from local.clients.queues import message_count
from local.clients.simulator_control import recorded_calls
from local.clients.simulator_control import simulator_control as simulator_control
from local.core.credentials import NOTIFICATION_SECRET
from local.core.loopback_http import http_request
from local.core.notification_signing import signed_headers
from local.core.waiting import until
from local.stack.stack import Stack

SOON = 90.0
"""Seconds within which a notification has become an audit, cold starts and a busy machine included."""


def post(stack: Stack, body: bytes, *, secret: str = NOTIFICATION_SECRET, at: int | None = None) -> requests.Response:
    """Post a notification, signed as Cloudinary signs."""
    headers = signed_headers(body, secret, timestamp=at)
    return http_request("POST", stack.outputs["WebhookUrl"], data=body, headers=headers)


def delivered_body(stack: Stack, public_id: str) -> bytes:
    """Return the body of the first upload notification about an asset, byte for byte."""

    def first_body() -> bytes:
        for delivery in simulator_control(stack, "GET", "deliveries")["deliveries"]:
            if delivery["notification_type"] == "upload" and public_id in delivery["public_ids"]:
                return str(delivery["body"]).encode()
        return b""

    return until(first_body, f"a notification about {public_id}", within=SOON)


def tag_calls(stack: Stack, public_id: str) -> list[dict[str, Any]]:
    """Return the tag calls about an asset that Cloudinary has received."""
    return recorded_calls(stack, path="*/tags", public_ids=public_id)


def audits(stack: Stack, asset: str) -> list[dict[str, Any]]:
    """Return the audits of an asset, the youngest first; none for an unknown asset."""
    try:
        return ops(stack).audits(asset, 100)
    except Missing:
        return []


def wait_for_audits(stack: Stack, asset: str, *, count: int = 1, within: float = SOON) -> list[dict[str, Any]]:
    """Wait until an asset has ``count`` audits and no open intent; return the audits."""

    def done() -> list[dict[str, Any]]:
        stored = audits(stack, asset)
        idle = len(stored) >= count and ops(stack).show(asset)["intent"] is None
        return stored if idle else []

    return until(done, f"{count} audits of {asset}", within=within, every=0.2)


def wait_until_drained(stack: Stack, *, hidden: int = 0) -> None:
    """Wait until the queue holds no message, and none is in flight, apart from so many that stay ``hidden``."""
    until(lambda: message_count(stack) <= hidden, "the queue to be empty", within=SOON)
