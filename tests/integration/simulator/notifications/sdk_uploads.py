"""Uploads by Cloudinary's SDK, and what it says of a notification's signature."""

from typing import Any

import cloudinary
import cloudinary.uploader
from cloudinary.utils import verify_notification_signature

from tests.integration.simulator.simulator_client import SIGNING_SECRET, Notification


def is_authentic(notification: Notification, algorithm: str = "sha1") -> bool:
    """Ask the SDK, which knows one secret: that of the key that signs notifications."""
    before = cloudinary.config().api_secret
    cloudinary.config(api_secret=SIGNING_SECRET)
    try:
        headers = notification.headers
        valid = verify_notification_signature(
            notification.raw, headers["X-Cld-Timestamp"], headers["X-Cld-Signature"], algorithm=algorithm
        )
    finally:
        cloudinary.config(api_secret=before)
    return bool(valid)


def upload(public_id: str, **options: Any) -> dict[str, Any]:
    """Upload one byte and have it categorized; return the answer."""
    answer: dict[str, Any] = cloudinary.uploader.upload(
        b"x", public_id=public_id, categorization="aws_rek_tagging", **options
    )
    return answer


def triggered_by(notification: Notification) -> tuple[str, str]:
    """Return the source and the id of what caused a notification."""
    by = notification.body["notification_context"]["triggered_by"]
    return by["source"], by["id"]
