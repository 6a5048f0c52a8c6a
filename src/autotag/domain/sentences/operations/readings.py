"""What the checks of the service itself go by: its answer about its health, and what else a caller knows."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec import Struct

from autotag.domain.sentences.operations.result import Unknown

MINUTE = 60.0


def part_of(health: Mapping[str, Any] | Unknown, name: str) -> Any | Unknown:
    """Return one part of the ops function's answer about its health, ``Unknown`` if it could not be read."""
    if isinstance(health, Unknown):
        return health
    error = health["faults"].get(name)
    return Unknown(error) if error else health[name]


class QueueSize(NamedTuple):
    """The review queue: its questions and assets, of which the index does not know the tags of ``unindexed``."""

    assets: int
    questions: int
    unindexed: int


class Readings(Struct, frozen=True):
    """What is known of the service.

    ``health`` is the ops function's answer. ``ages`` are the seconds that the oldest message of a queue waits, by its
    name; ``no_age`` says why one is not there. ``accepted_for``: seconds since the first notification in the log was
    accepted, 0.0: none. ``last_result`` is what Lambda says of its last attempt to take messages, "" if nothing.
    ``option`` names the stack in a suggested command, ``setup`` and ``redrive`` are such commands; ``resume_worker``
    says how the worker goes on, ``resume_poller`` the poller, "" if it is not known to be stopped.
    """

    health: Mapping[str, Any] | Unknown
    questions: QueueSize | Unknown
    redrive: str
    resume_worker: str
    resume_poller: str = ""
    option: str = ""
    setup: str = "autotag setup"
    ages: Mapping[str, float] | Unknown = MappingProxyType({})
    no_age: str = "CloudWatch has no age of them"
    accepted_for: float = 0.0
    last_result: str = ""

    def health_part(self, name: str) -> Any | Unknown:
        """Return one part of the service's health, ``Unknown`` if it could not be read."""
        return part_of(self.health, name)

    def age(self, queue: str) -> float | None:
        """Return the seconds that the oldest message of ``queue`` (live, bulk) waits; None if that is not known."""
        return None if isinstance(self.ages, Unknown) else self.ages.get(queue)

    def seconds_since(self, at: str | None) -> float:
        """Return how many seconds ago ``at`` (ISO 8601) was by the functions' clock; 0.0 if one is not known."""
        now = self.health_part("now")
        if isinstance(now, Unknown) or not at:
            return 0.0
        return (datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds()


def duration_text(seconds: float) -> str:
    """Return a duration in words, with its unit."""
    if seconds < 2 * MINUTE:
        return f"{max(0, seconds):.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < 180 * MINUTE else f"{seconds / 3600:.0f} h"
