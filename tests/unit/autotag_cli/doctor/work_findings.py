"""The doctor's lines about what is stopped and what waits meanwhile: facts, and what is expected of each."""

from typing import Any

from autotag_cli.doctor.checks import notifications as notification_lines
from autotag_cli.doctor.checks import service as service_lines
from autotag_cli.doctor.facts import Facts
from autotag_cli.doctor.work import Stopped
from autotag_cli.setup.diagnosis import Diagnosis
from tests.unit.autotag_cli.doctor.doctor_facts import HEALTH, NOBODY, WELL, well

MAPPING = Stopped("worker", "the worker takes nothing from the live queue", "aws lambda update-event-source-mapping")
RULE = Stopped("poller", "the poller is not started", "aws events enable-rule --name r")
CLOSED = Stopped("webhook", "Lambda turns every call of the webhook away", "aws lambda delete-function-concurrency")
THROTTLED = Diagnosis("Lambda throttles the webhook (429)", "raise WebhookReservedConcurrency or the account's limit")
LATE = HEALTH | {"due": {"intent": None, "poll": {"asset_id": "a9", "due_at": "2026-10-08T08:00:00Z"}}}

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
]
