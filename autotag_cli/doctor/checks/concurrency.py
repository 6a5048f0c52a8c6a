"""Check of the account's limit of concurrent executions: workers must leave some to the webhook."""

from autotag.domain.sentences.operations.result import Result, Unknown, unknown
from autotag_cli.doctor.facts import Facts

_OTHERS = 3
"""Functions that run beside the workers: the webhook, the poller or intake function, a command."""

_PER_SECOND = 10
"""Requests a second for each concurrent execution (Lambda developer guide, *Lambda quotas*, invocation requests)."""

_LEAST = 2
"""The least workers that an event source mapping takes (Lambda API reference, ScalingConfig)."""


def concurrency(facts: Facts) -> Result:
    """Check that a backlog of messages leaves the webhook its part of the account's limit."""
    name, found = "concurrency", facts.concurrency
    if isinstance(found, Unknown):
        return unknown(name, found)
    free = "" if found.unreserved == found.account else f" ({found.unreserved:,} of them not reserved)"
    finding = f"the account runs {found.account:,} functions at once{free}, at most {found.workers:,} of them workers"
    if found.left >= _OTHERS:
        others = f"{found.left:,} are left to webhook, poller and commands"
        return Result(name, "ok", f"{finding}; {others}, for {found.left * _PER_SECOND:,} requests a second")
    finding = f"{finding}: while they work off a backlog, Lambda turns notifications away (429)"
    wanted = found.account + _OTHERS - found.left
    ask = f"ask AWS for {wanted:,} (Service Quotas, AWS Lambda, Concurrent executions)"
    fewer = found.unreserved - (found.bulk or 0) - _OTHERS
    if fewer < _LEAST:
        return Result(name, "warn", finding, ask)
    return Result(name, "warn", finding, f"{facts.deploy_command(f'WorkerConcurrency={fewer}')}, or {ask}")
