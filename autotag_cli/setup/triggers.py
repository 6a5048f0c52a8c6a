"""Cloudinary's notification triggers, over the Admin API. Source: the official SDKs."""

from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from autotag.domain.errors import Missing
from autotag_cli.cloudinary.client import CloudinaryClient, segment
from autotag_cli.errors import Failure
from autotag_cli.setup.destinations import SCHEME, Place, same_place


class Trigger(Struct, frozen=True):
    """A trigger as Cloudinary lists it; what is None it does not tell."""

    id: str
    uri: str
    event_type: str
    uri_type: str = "webhook"
    auth_scheme: str | None = None
    additive: bool | None = None
    filter: Any = None
    payload_template: Any = None


class Wanted(NamedTuple):
    """A trigger as it shall be; ``additive`` None leaves that as it is."""

    event_type: str
    place: Place
    additive: bool | None = None

    def faults(self, trigger: Trigger) -> list[str]:
        """Return in what ``trigger`` is not as wanted, in words; a part that Cloudinary does not tell is no fault."""
        found = []
        if not same_place(trigger.uri, self.place.uri):
            found.append(f"points to {trigger.uri}")
        if trigger.uri_type != self.place.uri_type:
            found.append(f"is of type {trigger.uri_type}")
        if trigger.auth_scheme not in (SCHEME, None):
            found.append(f"signs by {trigger.auth_scheme}")
        if self.additive is not None and trigger.additive is not None and trigger.additive is not self.additive:
            found.append(f"is {'' if trigger.additive else 'not '}additive")
        if trigger.filter:
            found.append("has a filter")
        if trigger.payload_template:
            found.append("has a payload template")
        return found


class Triggers:
    """Every method raises what ``CloudinaryClient`` raises."""

    def __init__(self, client: CloudinaryClient) -> None:
        self._client = client

    def listed(self) -> list[Trigger]:
        """Return all triggers of the account."""
        answer = self._client.admin("GET", "triggers")
        try:
            return msgspec.convert(answer.get("triggers", []), list[Trigger])
        except msgspec.ValidationError as error:
            raise Failure(f"Cloudinary's list of triggers is not understood ({error})") from error

    def create(self, wanted: Wanted) -> None:
        """Make a trigger."""
        self._client.admin("POST", "triggers", json=_fields(wanted))

    def update(self, trigger: Trigger, wanted: Wanted) -> None:
        """Make ``trigger`` as wanted; what cannot be changed about a trigger is a reason to make another in its place.

        A call that changes a filter or a template is not documented.
        """
        if not trigger.filter and not trigger.payload_template:
            fields = {**_fields(wanted), "new_uri": wanted.place.uri}
            answer = self._client.admin("PUT", f"triggers/{segment(trigger.id)}", json=fields)
            if not wanted.faults(self._again(trigger, answer)):
                return
        self.delete(trigger)
        additive = trigger.additive if wanted.additive is None else wanted.additive
        self.create(wanted._replace(additive=additive))

    def delete(self, trigger: Trigger) -> None:
        """Forget a trigger, which may be gone already."""
        try:
            self._client.admin("DELETE", f"triggers/{segment(trigger.id)}")
        except Missing:
            return

    def _again(self, trigger: Trigger, answer: dict[str, Any]) -> Trigger:
        """Return the trigger after a change: from the answer, or listed where that does not tell."""
        try:
            return msgspec.convert(answer, Trigger)
        except msgspec.ValidationError:
            return next((each for each in self.listed() if each.id == trigger.id), trigger)


def _fields(wanted: Wanted) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "uri": wanted.place.uri,
        "uri_type": wanted.place.uri_type,
        "event_type": wanted.event_type,
        "auth_scheme": SCHEME,
    }
    return fields if wanted.additive is None else fields | {"additive": wanted.additive}
