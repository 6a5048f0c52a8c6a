"""Where a stack's notifications must go: to its webhook, to its poll channel, or both."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from autotag_cli.errors import Failure

EVENTS = ("upload", "info", "resource_tags_changed", "delete", "rename")
"""Events that the service cannot work without."""

FACTS = (
    "move",
    "move_or_rename_asset_folder",
    "resource_context_changed",
    "resource_metadata_changed",
    "restore_asset_version",
)
"""Events that keep facts for the rules current, such as folders; an account may refuse triggers for some of them."""

ALL = (*EVENTS, *FACTS)
"""All events that the service understands."""

SCHEME = "legacy_hmac"
"""The signature scheme of the triggers: Cloudinary does not publish how version 2 is verified."""


class Destination(NamedTuple):
    """A destination of notifications: a URL (``uri_type`` webhook), or a channel ``poll://NAME`` (poll)."""

    uri: str
    uri_type: str


def destinations_of(outputs: Mapping[str, str]) -> tuple[Destination, ...]:
    """Return the destinations that a stack's outputs name; raises ``Failure`` if they name none."""
    intake = outputs.get("Intake") or "webhook"
    destinations = []
    if intake in ("webhook", "both"):
        if not outputs.get("WebhookUrl"):
            raise Failure("the stack has no output WebhookUrl: deploy this version of autotag (make deploy)")
        destinations.append(Destination(outputs["WebhookUrl"], "webhook"))
    if intake in ("poll", "both"):
        destinations.append(Destination(f"poll://{outputs.get('PollChannel') or 'autotag'}", "poll"))
    if not destinations:
        raise Failure(f"the stack's output Intake is {intake!r}, expected webhook, poll or both")
    return tuple(destinations)


def webhook_of(destinations: Iterable[Destination]) -> str | None:
    """Return the URL of the webhook, None if there is none."""
    return next((destination.uri for destination in destinations if destination.uri_type == "webhook"), None)


def left_uris(stored: Iterable[str], destinations: Sequence[Destination]) -> list[str]:
    """Return the poll channels among the ``stored`` destinations that are not among the present ones."""
    now = [destination.uri for destination in destinations]
    return [uri for uri in stored if uri.startswith("poll://") and not any(same_destination(uri, each) for each in now)]


def is_function_url(uri: str) -> bool:
    """Return whether a URI is the URL of a Lambda function, on AWS or on the emulator."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return ".lambda-url." in (parts.hostname or "") or parts.path.startswith("/_aws/lambda-url/")


def same_destination(one: str, other: str) -> bool:
    """Return whether two URIs have the same host, port and path, or name the same channel."""
    return _comparable(one) == _comparable(other)


def _comparable(uri: str) -> tuple[str, int | None, str]:
    try:
        parts = urlsplit(uri)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:  # of another program, in an unknown form
        return uri, None, ""
    if parts.scheme == "poll":
        return uri, None, ""
    return parts.hostname or "", port, parts.path.rstrip("/")
