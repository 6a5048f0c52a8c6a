"""What of a body stays the same when everything that identifies anyone is replaced."""

from typing import Any

from autotag.domain.errors import Invalid
from autotag.domain.model.messages import LabelsObserved
from autotag.domain.notifications.parse import parse


def shape(value: Any) -> Any:
    """Return types, lengths of lists, numbers of keys, and lengths of texts in characters and in bytes."""
    if isinstance(value, dict):
        return {"object": [shape(inner) for inner in value.values()]}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    if isinstance(value, str):
        return ("text", len(value), len(value.encode()))
    return type(value).__name__


def read(body: bytes) -> Any:
    """Return what the service reads from a notification, without names; or the field that it cannot read."""
    try:
        messages = parse(body, timestamp=1)
    except Invalid as error:
        return ("refused", error.where, error.expected)
    return [_read(message) for message in messages]


def _read(message: Any) -> Any:
    if not isinstance(message, LabelsObserved):
        counts = {name: len(getattr(message, name)) for name in ("added", "removed", "set") if hasattr(message, name)}
        return (type(message).__name__, message.observed_at, counts)
    facts, asset = message.facts, message.asset
    return (
        "labels",
        message.observed_at,
        (asset.resource_type, asset.type, asset.version),
        facts and (facts.format, facts.folder.count("/"), len(facts.context), len(facts.tags)),
        {provider: (f.status, f.labels, bool(f.error)) for provider, f in message.categorizations.items()},
    )
