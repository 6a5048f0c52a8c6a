"""Checks of the worker: whether it takes messages from the live queue in time, and has decided something."""

from collections.abc import Mapping
from typing import Any

from autotag_cli.doctor.checks.result import Result, State, Unknown, unknown
from autotag_cli.doctor.durations import MINUTE, duration_text, seconds_since
from autotag_cli.doctor.facts import Facts

_MANY = 1000
_OLD, _VERY_OLD = 30 * MINUTE, 120 * MINUTE
"""Seconds that a live message may wait before a warning (as the alarm ``QueueMessagesOld``), and before a failure."""

_SOON = 5 * MINUTE
"""Seconds within which a working worker decides on a message, cold start and back-off included."""


def queue(facts: Facts) -> Result:
    """Check that the worker keeps up with the live queue; where the age of its messages is not known, it is not ok."""
    name, queues = "queues", facts.health_part("queues")
    if isinstance(queues, Unknown):
        return unknown(name, queues)
    finding = ", ".join(f"{each}: {_waiting(facts, each, queues[each]['waiting'])}" for each in ("live", "bulk"))
    age, held = facts.age("live"), _held(queues)
    if age is not None and age > _OLD:
        return Result(name, "fail" if age > _VERY_OLD else "warn", finding, _advice(facts))
    if held and facts.health_part("last_audit") is None:
        state: State = "fail" if max(age or 0.0, _accepted_for(facts)) > _SOON else "warn"
        return Result(name, state, f"{finding}; nothing has ever been decided{_last_result(facts)}", _advice(facts))
    if queues["live"]["waiting"] >= _MANY:
        return Result(name, "warn", finding, "raise WorkerConcurrency, or see docs/operations.md, QueueMessagesOld")
    if held and age is None and not _decided_lately(facts):
        why = facts.ages.why if isinstance(facts.ages, Unknown) else "CloudWatch has no age of them"
        finding = f"{finding}, {queues['live']['in_flight']:,} in flight{_last_result(facts)}"
        return Result(name, "warn", f"not known how long messages wait, since {why}; {finding}", _advice(facts))
    if isinstance(facts.ages, Unknown):
        return unknown(name, Unknown(f"{facts.ages.why}; {finding}"))
    return Result(name, "ok", finding)


def last_audit(facts: Facts) -> Result:
    """Check that the service has decided something."""
    name, audit = "last audit", facts.health_part("last_audit")
    if isinstance(audit, Unknown):
        return unknown(name, audit)
    if audit is not None:
        since = duration_text(seconds_since(facts, audit["at"]))
        return Result(name, "ok", f"{since} ago: {audit['outcome']}, {audit['audit_id']}")
    queues, waits = facts.health_part("queues"), _accepted_for(facts)
    if isinstance(queues, Unknown) or not _held(queues):
        return Result(name, "warn", "nothing has been decided yet", f"{facts.setup_command()}, which sends a probe")
    accepted = f", the first one accepted {duration_text(waits)} ago" if waits else ""
    finding = f"nothing has been decided yet, although messages wait{accepted}"
    return Result(name, "fail" if waits > _SOON else "warn", finding, _advice(facts))


def _held(queues: Mapping[str, Any]) -> int:
    """Return the number of live messages that are not finished."""
    return int(queues["live"]["waiting"] + queues["live"]["in_flight"])


def _waiting(facts: Facts, queue_name: str, count: int) -> str:
    age = facts.age(queue_name) or 0.0
    since = f", the oldest for {duration_text(age)}" if age >= MINUTE else ""
    return f"{count:,} waiting{since}"


def _accepted_for(facts: Facts) -> float:
    """Return how many seconds ago the first notification in the log was accepted; 0.0 if there is none."""
    accepted = [] if isinstance(facts.log, Unknown) else [e.at for e in facts.log if e.message == "accepted"]
    return max(0.0, facts.now - min(accepted) / 1000) if accepted else 0.0


def _decided_lately(facts: Facts) -> bool:
    """Return whether the worker decided something in the last minutes, so that it does take messages."""
    audit = facts.health_part("last_audit")
    return not isinstance(audit, Unknown) and audit is not None and seconds_since(facts, audit["at"]) <= _SOON


def _last_result(facts: Facts) -> str:
    """Return what Lambda says about its last attempt to take messages, "" if it says nothing."""
    result = "" if isinstance(facts.last_results, Unknown) else facts.last_results.get("live", "")
    return f"; Lambda's last result: {result}" if result else ""


def _advice(facts: Facts) -> str:
    """Return what resumes the worker, or else where to find out why it finishes no message."""
    if resume := "; ".join(each.fix for each in facts.stopped_work("worker")):
        return resume
    worker = facts.outputs.get("WorkerFunctionName", "WORKER")
    states = "'EventSourceMappings[].[EventSourceArn,State,StateTransitionReason,LastProcessingResult]'"
    return (
        "find out what stops the worker (docs/operations.md, QueueMessagesOld): its log, "
        f"""log Worker '?ERROR ?WARNING ?Runtime ?timeout ?"timed out"'; """
        f"its event sources, aws lambda list-event-source-mappings --function-name {worker} --query {states}; "
        "the account's concurrency, aws lambda get-account-settings --query AccountLimit"
    )
