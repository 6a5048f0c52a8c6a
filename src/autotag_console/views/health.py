"""The service's health in lines, as ``autotag doctor`` says them, as far as the service itself knows."""

from collections.abc import Mapping
from typing import Any

from autotag.domain.sentences.numbers import counted
from autotag.domain.sentences.operations import service_health, worker_health
from autotag.domain.sentences.operations.readings import QueueSize, Readings
from autotag.domain.sentences.operations.result import Result, Unknown, unknown

_DOCTOR = "autotag doctor, which knows more"

_CHECKS = (
    worker_health.queue,
    service_health.dead_letters,
    service_health.due,
    service_health.breaker,
    service_health.rules,
    worker_health.last_audit,
)


def health_lines(health: Mapping[str, Any], questions: QueueSize | Unknown | None = None) -> tuple[Result, ...]:
    """Return a line for each check of the ops function's answer ``health``; None: the queue is not asked about."""
    readings = Readings(
        health=health,
        questions=questions or Unknown("the queue was not counted"),
        redrive="the command that autotag doctor prints",
        resume_worker="autotag doctor, which says what stops the worker",
        no_age="only AWS knows it",
    )
    found = [check(readings) for check in _CHECKS]
    found.insert(4, _admin_calls(readings))
    if questions is not None:
        found.insert(3, service_health.review(readings))
    return tuple(each if each.fix or each.state == "ok" else each._replace(fix=_DOCTOR) for each in found)


def summary_line(lines: tuple[Result, ...]) -> Result:
    """Return the one line that a start page shows: the worst finding, or that all is well."""
    worst = [each for state in ("fail", "warn") for each in lines if each.state == state]
    if not worst:
        return Result("health", "ok", f"All is well. The last decision was {lines[-1].finding.partition(':')[0]}.")
    more = f" {len(worst) - 1} more on the health page." if len(worst) > 1 else ""
    name = worst[0].name
    return worst[0]._replace(finding=f"{name[:1].upper()}{name[1:]}: {worst[0].finding}.{more}")


def _admin_calls(readings: Readings) -> Result:
    """Check that calls of the Admin API are left; how many the account has, only Cloudinary says."""
    name, budget = "admin calls", readings.health_part("budget")
    if isinstance(budget, Unknown):
        return unknown(name, budget)
    finding = f"{counted(budget['used'], 'call')} of the service in this hour"
    if budget["closed"]:
        fix = "wait for the next hour; if it happens often, choose a larger plan or lower AdminReservePercent"
        return Result(name, "warn", f"{finding}, no more until the next one: pending assets wait", fix)
    return Result(name, "ok", finding)
