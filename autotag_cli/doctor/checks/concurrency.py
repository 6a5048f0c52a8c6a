"""A check of the account's concurrent executions against those that the workers may take."""

from autotag_cli.doctor.checks.result import Result, Unknown, unknown
from autotag_cli.doctor.facts import Facts

_OTHERS = 3
"""Executions that the workers leave: one each for the webhook, the poller and a command."""

_FEWEST = 2
"""The smallest ``MaximumConcurrency`` of an event source (Lambda API reference, ScalingConfig)."""

_RAISE = (
    "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value"
)


def concurrency(facts: Facts) -> Result:
    """Check that the workers leave executions to the webhook, which else answers 429 while there is a backlog.

    An execution also takes ten requests a second at most. Source: Lambda developer guide, *Understanding Lambda
    function scaling*, *Requests per second*.
    """
    name, found = "concurrency", facts.concurrency
    if isinstance(found, Unknown):
        return unknown(name, found)
    others = _OTHERS if found.webhook is None else _OTHERS - 1
    workers = found.live + found.bulk
    left = found.unreserved - workers
    finding = f"the account runs {found.account:,} executions at once, and the workers take {workers:,} of them at most"
    if left >= others:
        return Result(name, "ok", f"{finding}; {left:,} are left to the webhook, the poller and the commands")
    effect = "Lambda turns notifications away (429)" if found.webhook is None else "the poller and the commands wait"
    fix = f"{_RAISE} {max(1000, 2 * found.account)}"
    if (fewer := found.unreserved - others - found.bulk) >= _FEWEST:
        fix = f"{facts.deploy_command(f'WorkerConcurrency={fewer}')}, or raise the account's limit: {fix}"
    return Result(name, "warn", f"{finding}: in a backlog {effect}", fix)
