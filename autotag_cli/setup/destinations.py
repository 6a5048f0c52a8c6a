"""Where a stack wants its notifications: at its webhook, in its poll channel, or both."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from autotag_cli.errors import Failure

EVENTS = ("upload", "info", "resource_tags_changed", "delete", "rename")
"""What the service cannot do without."""

FACTS = ("move", "move_or_rename_asset_folder", "resource_context_changed", "restore_asset_version")
"""What facts that rules ask about follow; an account may refuse triggers for some of them."""

ALL = (*EVENTS, *FACTS)
"""What the service understands."""

SCHEME = "legacy_hmac"
"""How notifications are to be signed: Cloudinary does not publish how version 2 is verified."""


class Place(NamedTuple):
    """A URL (``uri_type`` webhook), or a channel ``poll://NAME`` (poll)."""

    uri: str
    uri_type: str


def places(outputs: Mapping[str, str]) -> tuple[Place, ...]:
    """Return where the stack with these outputs wants its notifications; raises ``Failure`` where it does not say."""
    intake = outputs.get("Intake") or "webhook"
    found = []
    if intake in ("webhook", "both"):
        if not outputs.get("WebhookUrl"):
            raise Failure(
                "the stack has no output WebhookUrl: deploy this version of autotag (sam build && sam deploy)"
            )
        found.append(Place(outputs["WebhookUrl"], "webhook"))
    if intake in ("poll", "both"):
        found.append(Place(f"poll://{outputs.get('PollChannel') or 'autotag'}", "poll"))
    if not found:
        raise Failure(f"the stack's output Intake is {intake!r}, expected webhook, poll or both")
    return tuple(found)


def same_place(one: str, other: str) -> bool:
    """Whether two URIs lead to the same host and path, or name the same channel."""
    return _place(one) == _place(other)


def _place(uri: str) -> tuple[str, int | None, str]:
    try:
        parts = urlsplit(uri)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:  # somebody else's, of no form that we know
        return uri, None, ""
    if parts.scheme == "poll":
        return uri, None, ""
    return parts.hostname or "", port, parts.path.rstrip("/")
