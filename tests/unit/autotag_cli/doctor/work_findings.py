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
    (service_lines.queue, well(ages={"live": 59.0}), "ok", "live: 0 waiting, bulk", ""),
    (service_lines.queue, well(ages={"live": 600.0}), "ok", "0 waiting, the oldest for 10 min", ""),
    (service_lines.queue, well(ages={"bulk": 7200.0}), "ok", "bulk: 0 waiting, the oldest for 120 min", ""),
    (service_lines.queue, well(ages={"live": 1860.0}), "warn", "the oldest for 31 min", "QueueMessagesOld"),
    (service_lines.queue, well(ages={"live": 7260.0}), "fail", "the oldest for 121 min", "QueueMessagesOld"),
    (service_lines.queue, well(ages={"live": 1860.0}, stopped=(MAPPING,)), "warn", "31 min", MAPPING.fix),
    (service_lines.queue, well(ages=NOBODY), "ok", "live: 0 waiting", ""),
    (service_lines.due, well(health=LATE, stopped=(RULE,)), "fail", "overdue by 4 h", RULE.fix),
    (notification_lines.webhook, well(webhook=THROTTLED), "fail", "throttles", "raise WebhookReservedConcurrency"),
    (notification_lines.webhook, well(webhook=THROTTLED, stopped=(CLOSED,)), "fail", CLOSED.finding, CLOSED.fix),
]
