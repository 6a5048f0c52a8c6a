"""The triggers of the account: which events are sent to which URI."""

from typing import Any, Literal

from msgspec import Struct

from simulator.core.clock import iso_offset
from simulator.core.database import Database, Table
from simulator.notifications.payload_templates import render
from simulator.notifications.trigger_filters import accepts

UriType = Literal["webhook", "poll"]
AuthScheme = Literal["default", "legacy_hmac", "eddsa_v2"]
MAX_PER_EVENT_TYPE = 30


class Trigger(Struct, frozen=True):
    """One trigger. ``created_at`` and ``updated_at`` are in unix seconds. A missing filter or template is None."""

    id: str
    uri: str
    uri_type: UriType
    event_type: str
    created_at: float
    updated_at: float
    additive: bool = False
    auth_scheme: AuthScheme = "default"
    filter: Any = None
    payload_template: dict[str, Any] | None = None

    def matches(self, event: str, notification: dict[str, Any]) -> bool:
        """Return whether ``notification``, of type ``event``, must be sent to this trigger's URI."""
        return self.event_type in (event, "all") and (self.filter is None or accepts(self.filter, notification))

    def body(self, notification: dict[str, Any]) -> dict[str, Any]:
        """Return the body that is sent: all of ``notification``, or what the template renders."""
        return notification if self.payload_template is None else render(self.payload_template, notification)

    def as_json(self, environment_id: str) -> dict[str, Any]:
        """Return the trigger as the API answers it; ``environment_id`` is that of the product environment."""
        return {
            "id": self.id,
            "product_environment_id": environment_id,
            "uri_type": self.uri_type,
            "uri": self.uri,
            "event_type": self.event_type,
            "additive": self.additive,
            "auth_scheme": self.auth_scheme,
            **({} if self.filter is None else {"filter": self.filter, "filter_language": "jsonlogic"}),
            **({} if self.payload_template is None else {"payload_template": self.payload_template}),
            "created_at": iso_offset(self.created_at),
            "updated_at": iso_offset(self.updated_at),
        }


class Triggers:
    """All triggers, in order of creation."""

    def __init__(self, database: Database) -> None:
        self._triggers = Table(database, "trigger", Trigger)

    def find(self, trigger_id: str) -> Trigger | None:
        """Return the trigger with this id."""
        return self._triggers.get(trigger_id)

    def listed(self, event_type: str = "") -> list[Trigger]:
        """Return all triggers, or those of one event type."""
        return [t for t in self._triggers.values() if event_type in ("", t.event_type)]

    def has_duplicate_of(self, trigger: Trigger) -> bool:
        """Return whether another trigger has the same URI and event type."""
        target = trigger.uri, trigger.event_type
        return any((t.uri, t.event_type) == target for t in self._triggers.values() if t.id != trigger.id)

    def is_full(self, trigger: Trigger) -> bool:
        """Return whether the event type of ``trigger`` already has as many others as an account may have."""
        others = [t for t in self.listed(trigger.event_type) if t.id != trigger.id]
        return len(others) >= MAX_PER_EVENT_TYPE

    def save(self, trigger: Trigger) -> None:
        """Store ``trigger`` in place of the one with its id."""
        self._triggers.save(trigger.id, trigger)

    def remove(self, trigger: Trigger) -> None:
        """Delete ``trigger``."""
        self._triggers.remove(trigger.id)

    def clear(self) -> None:
        """Remove all triggers from memory."""
        self._triggers.clear()
