"""The doctor's lines about what is stopped and what waits meanwhile: facts, and what is expected of each."""

from typing import Any

from autotag_cli.doctor.checks import concurrency as concurrency_lines
from autotag_cli.doctor.checks import notifications as notification_lines
from autotag_cli.doctor.checks import service as service_lines
from autotag_cli.doctor.concurrency import Concurrency
from autotag_cli.doctor.facts import Facts
from autotag_cli.doctor.work import Stopped
from autotag_cli.setup.diagnosis import Diagnosis
from tests.unit.autotag_cli.doctor.doctor_facts import HEALTH, NOBODY, WELL, well

MAPPING = Stopped("worker", "the worker takes nothing from the live queue", "aws lambda update-event-source-mapping")
RULE = Stopped("poller", "the poller is not started", "aws events enable-rule --name r")
CLOSED = Stopped("webhook", "Lambda turns every call of the webhook away", "aws lambda delete-function-concurrency")
THROTTLED = Diagnosis("Lambda throttles the webhook (429)", "raise WebhookReservedConcurrency or the account's limit")
LATE = HEALTH | {"due": {"intent": None, "poll": {"asset_id": "a9", "due_at": "2026-10-08T08:00:00Z"}}}

RAISE = (
    "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value"
)


def limits(account: int, unreserved: int, live: int, bulk: int, webhook: int | None = None) -> Facts:
    return well(concurrency=Concurrency(account, unreserved, live, bulk, webhook))


WORK: list[tuple[Any, Facts, str, str, str]] = [
    (service_lines.stopped, WELL, "ok", "queues are served, schedules are enabled", ""),
    (service_lines.stopped, well(stopped=(MAPPING,)), "fail", MAPPING.finding, MAPPING.fix),
    (
        service_lines.stopped,
        well(stopped=(MAPPING, RULE)),
        "fail",
        f"{MAPPING.finding}; {RULE.finding}",
        f"{MAPPING.fix}; {RULE.fix}",
    ),
    (service_lines.stopped, well(stopped=NOBODY), "warn", "not known", ""),
    (service_lines.due, well(health=LATE, stopped=(RULE,)), "fail", "overdue by 4 h", RULE.fix),
    (notification_lines.webhook, well(webhook=THROTTLED), "fail", "throttles", "raise WebhookReservedConcurrency"),
    (notification_lines.webhook, well(webhook=THROTTLED, stopped=(CLOSED,)), "fail", CLOSED.finding, CLOSED.fix),
    (concurrency_lines.concurrency, WELL, "ok", "10 executions at once, and the workers take 7 of them at most; 3", ""),
    (concurrency_lines.concurrency, limits(10, 10, 10, 2), "warn", "take 12", "SET=WorkerConcurrency=5, or raise"),
    (concurrency_lines.concurrency, limits(10, 10, 6, 2), "warn", "turns notifications away", "WorkerConcurrency=5,"),
    (concurrency_lines.concurrency, limits(10, 10, 2, 6), "warn", "take 8 of them", f"{RAISE} 1000"),
    (concurrency_lines.concurrency, limits(1000, 1000, 998, 2), "warn", "1,000 executions", f"{RAISE} 2000"),
    (concurrency_lines.concurrency, limits(1000, 900, 50, 2), "ok", "848 are left", ""),
    (concurrency_lines.concurrency, limits(1000, 60, 50, 8, webhook=100), "ok", "2 are left", ""),
    (concurrency_lines.concurrency, limits(1000, 59, 50, 8, webhook=100), "warn", "the commands wait", "=49, or"),
    (concurrency_lines.concurrency, well(concurrency=NOBODY), "warn", "not known: somebody is down", ""),
]
