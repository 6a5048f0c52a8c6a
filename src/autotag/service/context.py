"""The dependencies of the use-cases behind the queue, in one place."""

from collections.abc import Callable

from msgspec import Struct

from autotag.domain.state.claim import Grant
from autotag.ports.assets import Bus, Store
from autotag.ports.audits import Audits
from autotag.ports.cloudinary import Breaker, Budget, Cloudinary
from autotag.ports.rules import RulesSource
from autotag.ports.runs import Runs
from autotag.ports.runtime import Clock, Telemetry

Remaining = Callable[[], float]
"""Returns the seconds that this invocation has left."""

LEASE = 60
"""Seconds, after the owner's remaining time, until another process may take over its intent."""

SAFETY = 5.0
"""Seconds of an invocation that are kept for storing the results."""


class Pace(Struct, frozen=True):
    """When pending assets are polled, in seconds."""

    first_delay: int = 60
    longest_delay: int = 3600
    deadline: int = 86400


class World(Struct, frozen=True):
    """The ports and the settings of one environment."""

    store: Store
    audits: Audits
    bus: Bus
    cloudinary: Cloudinary
    budget: Budget
    breaker: Breaker
    rules: RulesSource
    clock: Clock
    telemetry: Telemetry
    runs: Runs
    pace: Pace = Pace()

    def grant(self, remaining: Remaining) -> Grant:
        """Return the values of a new intent: ids, the time, and a lease that outlives this invocation."""
        now = self.clock.now()
        due_at = now + round((remaining() + LEASE) * 1000)
        return Grant(self.clock.unique(), self.clock.unique(), now, due_at)
