"""The documented samples, changed and parsed."""

import json
from datetime import datetime

from autotag.domain.model.messages import LabelsObserved, Message
from autotag.domain.notifications.parse import parse
from tests.unit.domain.samples import TIMESTAMP


def millis(text: str) -> int:
    """Return the unix milliseconds of an ISO 8601 time."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def one(body: bytes, own_key: str = "") -> Message:
    """Return the only message of a notification."""
    (message,) = parse(body, timestamp=TIMESTAMP, own_key=own_key)
    return message


def labelled(body: bytes) -> LabelsObserved:
    """Return the only message of a notification about labels."""
    message = one(body)
    assert isinstance(message, LabelsObserved)
    return message


def changed(body: bytes, **change: object) -> bytes:
    """Return a notification with other fields."""
    return json.dumps({**json.loads(body), **change}).encode()
