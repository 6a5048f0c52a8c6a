"""Driving the deployed stack by HTTP alone, and reading back what came of it."""

import hashlib
import time
from typing import Any

import requests

from autotag.domain.errors import Missing
from local.clients.ops import ops as ops
from local.clients.queues import waiting
from local.clients.simulator_control import calls
from local.clients.simulator_control import simulator as simulator
from local.core.credentials import NOTIFICATION_SECRET
from local.core.loopback_http import http_request
from local.core.waiting import until
from local.stack.stack import Stack

SOON = 45.0
"""Seconds within which a notification has become an audit, cold starts and a busy machine included."""


def post(stack: Stack, body: bytes, *, secret: str = NOTIFICATION_SECRET, at: int | None = None) -> requests.Response:
    """Post a notification, signed as Cloudinary signs."""
    timestamp = str(int(time.time()) if at is None else at)
    signature = hashlib.sha1(body + timestamp.encode() + secret.encode()).hexdigest()  # noqa: S324 (their scheme)
    headers = {"Content-Type": "application/json", "X-Cld-Timestamp": timestamp, "X-Cld-Signature": signature}
    return http_request("POST", stack.outputs["WebhookUrl"], data=body, headers=headers)


def delivered(stack: Stack, public_id: str) -> bytes:
    """Return the body of the first upload notification about an asset, byte for byte."""

    def found() -> bytes:
        for delivery in simulator(stack, "GET", "deliveries")["deliveries"]:
            if delivery["notification_type"] == "upload" and public_id in delivery["public_ids"]:
                return str(delivery["body"]).encode()
        return b""

    return until(found, f"a notification about {public_id}", within=SOON)


def tag_calls(stack: Stack, public_id: str) -> list[dict[str, Any]]:
    """Return the tag calls about an asset that Cloudinary has seen."""
    return calls(stack, path="*/tags", public_ids=public_id)


def audits(stack: Stack, asset: str) -> list[dict[str, Any]]:
    """Return the audits of an asset, the youngest first; none for an asset that was never seen."""
    try:
        return ops(stack).audits(asset, 100)
    except Missing:
        return []


def settled(stack: Stack, asset: str, *, count: int = 1, within: float = SOON) -> list[dict[str, Any]]:
    """Wait until an asset has ``count`` audits and no open intent; return the audits."""

    def done() -> list[dict[str, Any]]:
        found = audits(stack, asset)
        idle = len(found) >= count and ops(stack).show(asset)["intent"] is None
        return found if idle else []

    return until(done, f"{count} audits of {asset}", within=within, every=0.2)


def drained(stack: Stack) -> None:
    """Wait until the queue holds nothing and nobody works on a message."""
    until(lambda: not waiting(stack), "the queue to be empty", within=SOON)
