"""Cloudinary's notification triggers, over the Admin API. Source: the official SDKs."""

from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from autotag.domain.errors import Missing
from autotag.domain.model.conversion import convert
from autotag_cli.cloudinary.client import CloudinaryClient, segment
from autotag_cli.errors import Failure
from autotag_cli.setup.destinations import SCHEME, Destination, same_destination


class Trigger(Struct, frozen=True):
    """A trigger as Cloudinary lists it; None: Cloudinary does not report the field."""

    id: str
    uri: str
    event_type: str
    uri_type: str = "webhook"
    auth_scheme: str | None = None
    additive: bool | None = None
    filter: Any = None
    payload_template: Any = None


class WantedTrigger(NamedTuple):
    """A trigger as it should be; ``additive`` None keeps the current value."""

    event_type: str
    destination: Destination
    additive: bool | None = None

    def differences(self, trigger: Trigger) -> list[str]:
        """Return in words how ``trigger`` differs; a field that Cloudinary does not report counts as equal."""
        differences = []
        if not same_destination(trigger.uri, self.destination.uri):
            differences.append(f"points to {trigger.uri}")
        if trigger.uri_type != self.destination.uri_type:
            differences.append(f"is of type {trigger.uri_type}")
        if trigger.auth_scheme not in (SCHEME, None):
            differences.append(f"signs by {trigger.auth_scheme}")
        if self.additive is not None and trigger.additive is not None and trigger.additive is not self.additive:
            differences.append(f"is {'' if trigger.additive else 'not '}additive")
        if trigger.filter:
            differences.append("has a filter")
        if trigger.payload_template:
            differences.append("has a payload template")
        return differences


class Triggers:
    """The triggers of an account. Every method raises what ``CloudinaryClient`` raises."""

    def __init__(self, client: CloudinaryClient) -> None:
        self._client = client

    def fetch(self) -> list[Trigger]:
        """Return all triggers of the account; raises ``Failure`` if the list is not understood."""
        answer = self._client.admin("GET", "triggers")
        try:
            return convert(answer.get("triggers", []), list[Trigger])
        except msgspec.ValidationError as error:
            raise Failure(f"Cloudinary's list of triggers is not understood ({error})") from error

    def create(self, wanted: WantedTrigger) -> None:
        """Create a trigger."""
        self._client.admin("POST", "triggers", json=_fields(wanted))

    def update(self, trigger: Trigger, wanted: WantedTrigger) -> None:
        """Change ``trigger`` as wanted, or replace it with a new one if it cannot be changed.

        No documented call changes a filter or a payload template.
        """
        if not trigger.filter and not trigger.payload_template:
            fields = {**_fields(wanted), "new_uri": wanted.destination.uri}
            answer = self._client.admin("PUT", f"triggers/{segment(trigger.id)}", json=fields)
            if not wanted.differences(self._after_update(trigger, answer)):
                return
        self.delete(trigger)
        additive = trigger.additive if wanted.additive is None else wanted.additive
        self.create(wanted._replace(additive=additive))

    def delete(self, trigger: Trigger) -> None:
        """Delete a trigger; one that no longer exists is no error."""
        try:
            self._client.admin("DELETE", f"triggers/{segment(trigger.id)}")
        except Missing:
            return

    def _after_update(self, trigger: Trigger, answer: dict[str, Any]) -> Trigger:
        """Return the trigger after a change: from the answer, or from the list if the answer holds none."""
        try:
            return convert(answer, Trigger)
        except msgspec.ValidationError:
            return next((each for each in self.fetch() if each.id == trigger.id), trigger)


def _fields(wanted: WantedTrigger) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "uri": wanted.destination.uri,
        "uri_type": wanted.destination.uri_type,
        "event_type": wanted.event_type,
        "auth_scheme": SCHEME,
    }
    return fields if wanted.additive is None else fields | {"additive": wanted.additive}
