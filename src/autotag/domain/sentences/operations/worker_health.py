"""Checks of the worker: whether it takes messages from the live queue in time, and has decided something."""

from collections.abc import Mapping
from typing import Any

from autotag.domain.sentences.operations.readings import MINUTE, Readings, duration_text
from autotag.domain.sentences.operations.result import Result, State, Unknown, unknown

_MANY = 1000
_OLD, _VERY_OLD = 30 * MINUTE, 120 * MINUTE
"""Seconds that a live message may wait before a warning (as the alarm ``QueueMessagesOld``), and before a failure."""

_SOON = 5 * MINUTE
"""Seconds within which a working worker decides on a message, cold start and back-off included."""


def queue(readings: Readings) -> Result:
    """Check that the worker keeps up with the live queue; where the age of its messages is not known, it is not ok."""
    name, queues = "queues", readings.health_part("queues")
    if isinstance(queues, Unknown):
        return unknown(name, queues)
    finding = ", ".join(f"{each}: {_waiting(readings, each, queues[each]['waiting'])}" for each in ("live", "bulk"))
    age, held = readings.age("live"), _held(queues)
    if age is not None and age > _OLD:
        return Result(name, "fail" if age > _VERY_OLD else "warn", finding, readings.resume_worker)
    if held and readings.health_part("last_audit") is None:
        state: State = "fail" if max(age or 0.0, readings.accepted_for) > _SOON else "warn"
        return Result(
            name, state, f"{finding}; nothing has ever been decided{readings.last_result}", readings.resume_worker
        )
    if queues["live"]["waiting"] >= _MANY:
        return Result(name, "warn", finding, "raise WorkerConcurrency, or see docs/operations.md, QueueMessagesOld")
    if held and age is None and not _decided_lately(readings):
        why = readings.ages.why if isinstance(readings.ages, Unknown) else readings.no_age
        finding = f"{finding}, {queues['live']['in_flight']:,} in flight{readings.last_result}"
        return Result(name, "warn", f"not known how long messages wait, since {why}; {finding}", readings.resume_worker)
    if isinstance(readings.ages, Unknown):
        return unknown(name, Unknown(f"{readings.ages.why}; {finding}"))
    return Result(name, "ok", finding)


def last_audit(readings: Readings) -> Result:
    """Check that the service has decided something."""
    name, audit = "last audit", readings.health_part("last_audit")
    if isinstance(audit, Unknown):
        return unknown(name, audit)
    if audit is not None:
        since = duration_text(readings.seconds_since(audit["at"]))
        return Result(name, "ok", f"{since} ago: {audit['outcome']}, {audit['audit_id']}")
    queues, waits = readings.health_part("queues"), readings.accepted_for
    if isinstance(queues, Unknown) or not _held(queues):
        return Result(name, "warn", "nothing has been decided yet", f"{readings.setup}, which sends a probe")
    accepted = f", the first one accepted {duration_text(waits)} ago" if waits else ""
    finding = f"nothing has been decided yet, although messages wait{accepted}"
    return Result(name, "fail" if waits > _SOON else "warn", finding, readings.resume_worker)


def _held(queues: Mapping[str, Any]) -> int:
    """Return the number of live messages that are not finished."""
    return int(queues["live"]["waiting"] + queues["live"]["in_flight"])


def _waiting(readings: Readings, queue_name: str, count: int) -> str:
    age = readings.age(queue_name) or 0.0
    since = f", the oldest for {duration_text(age)}" if age >= MINUTE else ""
    return f"{count:,} waiting{since}"


def _decided_lately(readings: Readings) -> bool:
    """Return whether the worker decided something in the last minutes, so that it does take messages."""
    audit = readings.health_part("last_audit")
    return not isinstance(audit, Unknown) and audit is not None and readings.seconds_since(audit["at"]) <= _SOON
