"""A notification that Cloudinary did not sign, through the webhook or the poll channel."""

import hashlib
import json
import time

from local.clients.cloudinary import upload
from local.clients.simulator_control import simulator
from local.core.loopback_http import http_request
from local.demo.cases import FORGED
from local.stack.stack import Stack


def public_urls(stack: Stack) -> list[str]:
    """Return the Function URLs of the stack that need no IAM authentication."""
    client = stack.client("lambda")
    names = [name for output, name in stack.outputs.items() if output.endswith("FunctionName")]
    found = [
        each for name in names for each in client.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"]
    ]
    return [each["FunctionUrl"] for each in found if each["AuthType"] != "AWS_IAM"]


def forge(stack: Stack) -> int | None:
    """Send a well-formed notification with a wrong signature; return the status, None without a webhook."""
    if url := stack.outputs.get("WebhookUrl"):
        return _post(url)
    fault = {"match": {"public_id": FORGED}, "fault": {"wrong_signature": True}}
    simulator(stack, "POST", "delivery_faults", json=fault)
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
    timestamp = str(int(time.time()))
    signature = hashlib.sha256(body + timestamp.encode() + b"not the secret").hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Cld-Timestamp": timestamp,
        "X-Cld-Signature": signature,
    }
    return http_request("POST", url, data=body, headers=headers).status_code
