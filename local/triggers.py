"""The notification triggers of a local stack, made as in a real account."""

from collections.abc import Mapping

from local.credentials import CLOUD_NAME, WRITER_KEY, WRITER_SECRET
from local.loopback import ask

EVENT_TYPES = ("upload", "info", "resource_tags_changed", "delete", "rename")


def create_triggers(simulator_url: str, outputs: Mapping[str, str]) -> None:
    """Send what the stack handles to each of its ways in. Raises ``requests.HTTPError``."""
    ways = {}
    if url := outputs.get("WebhookUrl"):
        ways["webhook"] = url
    if channel := outputs.get("PollChannel"):
        ways["poll"] = f"poll://{channel}"
    for uri_type, uri in ways.items():
        for event_type in EVENT_TYPES:
            wanted = {"uri": uri, "uri_type": uri_type, "event_type": event_type, "auth_scheme": "legacy_hmac"}
            answer = ask(
                "POST",
                f"{simulator_url}/v1_1/{CLOUD_NAME}/triggers",
                json=wanted,
                auth=(WRITER_KEY, WRITER_SECRET),
            )
            answer.raise_for_status()
