"""A notification that Cloudinary did not sign, through the webhook or the poll channel."""

import json

from local.clients.cloudinary import upload
from local.clients.simulator_control import simulator_control
from local.core.loopback_http import http_request
from local.core.notification_signing import signed_headers
from local.demo.cases import FORGED
from local.stack.stack import Stack


def send_forged_notification(stack: Stack) -> int | None:
    """Send a well-formed notification with a wrong signature; return the status, None without a webhook."""
    if url := stack.outputs.get("WebhookUrl"):
        return _post(url)
    fault = {"match": {"public_id": FORGED}, "fault": {"wrong_signature": True}}
    simulator_control(stack, "POST", "delivery_faults", json=fault)
    upload(stack.simulator_url, FORGED)
    return None


def _post(url: str) -> int:
    body = json.dumps(
        {
            "notification_type": "upload", "asset_id": "f0f0f0f0f0f0", "public_id": FORGED,
            "version": 1791460800, "resource_type": "image", "type": "upload", "tags": [],
            "asset_folder": "press", "info": {"categorization": {"aws_rek_tagging": {
                "status": "complete", "data": [{"tag": "Forgery", "confidence": 0.99}]}}},
        }
    ).encode()  # fmt: skip
    headers = signed_headers(body, "not the secret", algorithm="sha256")
    return http_request("POST", url, data=body, headers=headers).status_code
