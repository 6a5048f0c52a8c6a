"""The dependencies of the use-cases behind the queue, in one place."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from autotag.domain.errors import Retryable
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.state.asset_state import AssetState, Poll, due_poll
from autotag.domain.state.claim import Lease
from autotag.ports.assets import EventBus, StateStore
from autotag.ports.audits import AuditLog
from autotag.ports.cloudinary import Budget, CircuitBreaker, Cloudinary
from autotag.ports.rules import RulesSource
from autotag.ports.runs import RunStore
from autotag.ports.runtime import Clock, Telemetry

if TYPE_CHECKING:  # a type only: most functions ask no Rekognition
    from autotag.ports.detection import DetectionPorts

Remaining = Callable[[], float]
"""Returns the seconds that this invocation has left."""

LEASE = 60
"""Seconds, after the owner's remaining time, until another process may take over its intent."""

SAFETY = 5.0
"""Seconds of an invocation that are kept for storing the results."""


ASSET_SECONDS = SAFETY + 10
"""Seconds that must be left to begin with a due asset."""

CLAIM_SECONDS = 15.0
"""Seconds that must be left to claim one more asset of a group: carrying out what is claimed takes that long."""

PAGE_SECONDS = 10.0
"""Seconds that must be left to plan one more page of a run."""

RUN_SECONDS = 20.0
"""Seconds that must be left to go on with a run."""

_TRIES = 50
"""Attempts at a conditional write, until the message is handled later."""


class Pace(Struct, frozen=True):
    """When pending assets are polled, in seconds."""

    first_delay: int = 60
    longest_delay: int = 3600
    deadline: int = 86400


class Dependencies(Struct, frozen=True):
    """The ports and the settings of one environment. ``detection`` is None where Rekognition is not asked."""

    store: StateStore
    audits: AuditLog
    bus: EventBus
    cloudinary: Cloudinary
    budget: Budget
    breaker: CircuitBreaker
    rules: RulesSource
    clock: Clock
    telemetry: Telemetry
    runs: RunStore
    pace: Pace = Pace()
    detection: "DetectionPorts | None" = None

    def new_lease(self, remaining: Remaining) -> Lease:
        """Return the values of a new intent: ids, the time, and a lease that outlives this invocation."""
        now = self.clock.now()
        due_at = now + round((remaining() + LEASE) * 1000)
        return Lease(self.clock.unique(), self.clock.unique(), now, due_at)

    def new_poll(self, *, hint: bool = False) -> Poll:
        """Return a poll that is due now and goes on until the deadline; ``hint``: only a hint asks for the read."""
        return due_poll(self.clock.now(), self.pace.deadline, hint=hint)


def retry_conflicts[T](asset_id: str, attempt: Callable[[], T | None], *, tries: int = _TRIES) -> T:
    """Call ``attempt`` until it returns something; return that.

    ``attempt`` loads the state anew each time. It returns None only if the state changed before its conditional write.
    Raises ``Retryable`` after ``tries`` attempts.
    """
    for _ in range(tries):
        result = attempt()
        if result is not None:
            return result
    raise Retryable(f"{asset_id} is too busy", delay=5)


def rules_since(source: RulesSource, seq: int, subject: str) -> ActiveRules:
    """Return the active rules, never older than push number ``seq``; ``subject`` begins the error message.

    Raises ``Retryable`` if this process cannot load them (yet), though another one could.
    """
    rules = source.active(at_least=seq)
    if rules.seq < seq:
        raise Retryable(f"{subject} under rules {seq}, only {rules.seq} can be loaded")
    return rules


def rules_for(deps: Dependencies, state: AssetState) -> ActiveRules:
    """Return the active rules, never older than those of the last decision on ``state``; raises ``Retryable``."""
    return rules_since(deps.rules, state.rules_seq, f"{state.asset.asset_id} was decided")


def decided_with(deps: Dependencies, state: AssetState) -> Ruleset | None:
    """Return the rules of the last decision on ``state``, or None if there is none or they are not at hand."""
    return deps.rules.of_version(state.rules_version) if state.rules_version else None
