"""Event buses that send nothing: never, or while no rule listens."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from autotag.adapters.aws.client import asking
from autotag.domain.errors import Retryable
from autotag.domain.model.audit import Audit
from autotag.ports.assets import EventBus
from autotag.ports.runtime import Telemetry

LOOK = 30
"""Seconds for which what was found about the rules of a bus is used."""


class SilentBus:
    """Implements the ``EventBus`` port by sending nothing, so that nothing ever waits to be sent."""

    def announce(self, audit: Audit) -> None:
        """Send nothing."""

    def announce_all(self, audits: Sequence[Audit]) -> dict[str, str]:
        """Send nothing; nothing fails."""
        return {}


class ListenedBus:
    """Implements the ``EventBus`` port: sends events to ``bus`` while a rule of the bus of that name is enabled.

    EventBridge is asked every ``LOOK`` seconds at most; if it does not answer, events are sent. What happens so shortly
    after a rule was made may have no event. ``now`` returns unix milliseconds. Threads may share it.
    """

    def __init__(self, bus: EventBus, client: Any, name: str, now: Callable[[], int], telemetry: Telemetry) -> None:
        self._bus, self._client, self._name = bus, client, name
        self._now, self._telemetry = now, telemetry
        self._lock, self._listened, self._looked_at = Lock(), True, 0

    def announce(self, audit: Audit) -> None:
        """Send the events of ``audit`` if a rule listens, or raise ``Retryable``."""
        if self._is_listened():
            self._bus.announce(audit)

    def announce_all(self, audits: Sequence[Audit]) -> dict[str, str]:
        """Send the events of ``audits`` if a rule listens; return the errors of those that must wait, by audit_id."""
        return self._bus.announce_all(audits) if self._is_listened() else {}

    def _is_listened(self) -> bool:
        with self._lock:
            now = self._now()
            if now - self._looked_at >= LOOK * 1000:
                self._listened, self._looked_at = self._ask(), now
            return self._listened

    def _ask(self) -> bool:
        request = {"EventBusName": self._name}
        try:
            with asking("EventBridge"):
                while True:
                    answer = self._client.list_rules(**request)
                    if any(rule["State"] != "DISABLED" for rule in answer["Rules"]):
                        return True
                    if not answer.get("NextToken"):
                        return False
                    request["NextToken"] = answer["NextToken"]
        except Retryable as error:
            self._telemetry.warn("rules_of_bus_unavailable", fault=str(error))
            return True
