"""The destinations of a notification: the URL that the call named, the global URL, and the triggers."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from simulator.core.live_settings import LiveSettings
from simulator.notifications.outgoing import Destination
from simulator.notifications.triggers import Triggers


class Cause(NamedTuple):
    """The cause of an event (``source`` api or ui, ``id`` an API key or a person), and the URL that the call named."""

    source: str
    id: str
    request_id: str
    notification_url: str = ""
    batch_id: str = ""


class Destinations:
    """The rules of destinations. Each URL gets an event once, in the form of its trigger if it has one."""

    def __init__(self, settings: LiveSettings, triggers: Triggers) -> None:
        self._settings = settings
        self._triggers = triggers

    def select(
        self, event: str, notification: dict[str, Any], cause: Cause
    ) -> list[tuple[Destination, dict[str, Any]]]:
        """Return the destinations of ``notification``, each with its body.

        A URL that the call named replaces the global URL and all triggers that are not additive.
        """
        by_uri: dict[str, tuple[Destination, dict[str, Any]]] = {}
        for trigger in self._triggers.listed():
            if (trigger.additive or not cause.notification_url) and trigger.matches(event, notification):
                destination = Destination(trigger.uri, trigger.auth_scheme)
                by_uri.setdefault(trigger.uri, (destination, trigger.body(notification)))
        for url in self._urls_without_trigger(event, cause):
            by_uri.setdefault(url, (Destination(url), notification))
        return list(by_uri.values())

    def _urls_without_trigger(self, event: str, cause: Cause) -> Iterator[str]:
        if cause.notification_url:
            yield cause.notification_url
            return
        settings = self._settings.current
        # the global URL gets changes in the Console whatever the setting ``events``
        if settings.notification_url and (event in settings.events or cause.source == "ui"):
            yield settings.notification_url
