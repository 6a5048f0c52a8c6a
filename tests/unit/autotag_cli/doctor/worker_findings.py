"""The doctor's lines about the worker: facts, and the state, finding and fix that are expected."""

from typing import Any

from autotag_cli.doctor.checks import worker as worker_lines
from autotag_cli.doctor.facts import Facts
from autotag_cli.setup.webhook_log import LogEntry
from tests.unit.autotag_cli.doctor.doctor_facts import HEALTH, NOBODY, WELL, healthy, well
from tests.unit.autotag_cli.doctor.service_findings import queues, unreadable
from tests.unit.autotag_cli.doctor.work_findings import MAPPING
from tests.unit.autotag_cli.fake_admin_account import NOW

ADVICE = "log Worker '?ERROR"
HOURS_AGO = {"audit_id": "a1.1.x", "at": "2026-10-08T09:00:00.000Z", "outcome": "tagged"}


def undecided(waiting: int = 4, in_flight: int = 0, **changes: Any) -> Facts:
    """Return facts of a stack that has decided nothing, with messages in the live queue."""
    live = {"live": {"waiting": waiting, "in_flight": in_flight}}
    return healthy(queues=HEALTH["queues"] | live, last_audit=None)._replace(**{"log": (), **changes})


def accepted(seconds_ago: float) -> tuple[LogEntry, ...]:
    return (LogEntry("accepted", round((NOW - seconds_ago) * 1000), "111"), LogEntry("accepted", round(NOW * 1000)))


def idle(waiting: int, in_flight: int = 0, **changes: Any) -> Facts:
    """Return facts of a stack whose last decision is hours ago."""
    live = {"live": {"waiting": waiting, "in_flight": in_flight}}
    return healthy(queues=HEALTH["queues"] | live, last_audit=HOURS_AGO)._replace(**changes)


PROBLEM = {"live": "PROBLEM: Function call failed"}
WORKER: list[tuple[Any, Facts, str, str, str]] = [
    (worker_lines.queue, WELL, "ok", "live: 0 waiting, bulk: 0 waiting", ""),
    (worker_lines.queue, queues(bulk=50_000), "ok", "bulk: 50,000 waiting", ""),
    (worker_lines.queue, queues(live=1000), "warn", "live: 1,000 waiting", "WorkerConcurrency"),
    (worker_lines.queue, unreadable("queues"), "warn", "not known", ""),
    (worker_lines.queue, well(ages={"live": 59.0}), "ok", "live: 0 waiting, bulk", ""),
    (worker_lines.queue, well(ages={"live": 600.0}), "ok", "0 waiting, the oldest for 10 min", ""),
    (worker_lines.queue, well(ages={"bulk": 7200.0}), "ok", "bulk: 0 waiting, the oldest for 120 min", ""),
    (worker_lines.queue, well(ages={"live": 1860.0}), "warn", "the oldest for 31 min", "QueueMessagesOld"),
    (worker_lines.queue, well(ages={"live": 7260.0}), "fail", "the oldest for 121 min", "QueueMessagesOld"),
    (worker_lines.queue, well(ages={"live": 1860.0}, stopped=(MAPPING,)), "warn", "31 min", MAPPING.fix),
    (worker_lines.queue, well(ages=NOBODY), "warn", "not known: somebody is down; live: 0 waiting", ""),
    (worker_lines.queue, queues(live=4), "ok", "live: 4 waiting", ""),  # the worker decided a minute ago
    (worker_lines.queue, idle(4, ages={"live": 60.0}), "ok", "live: 4 waiting", ""),
    (worker_lines.queue, idle(4), "warn", "not known how long messages wait, since CloudWatch has no age", ADVICE),
    (worker_lines.queue, idle(0, 3), "warn", "live: 0 waiting, bulk: 0 waiting, 3 in flight", ADVICE),
    (worker_lines.queue, idle(4, ages=NOBODY), "warn", "not known how long messages wait, since somebody", ADVICE),
    (worker_lines.queue, idle(4, stopped=(MAPPING,)), "warn", "live: 4 waiting", MAPPING.fix),
    (worker_lines.queue, idle(4, last_results=PROBLEM), "warn", "last result: PROBLEM: Function call failed", ADVICE),
    (worker_lines.queue, undecided(), "warn", "live: 4 waiting, bulk: 0 waiting; nothing has ever been", ADVICE),
    (worker_lines.queue, undecided(0, 1), "warn", "nothing has ever been decided", ADVICE),
    (worker_lines.queue, undecided(log=accepted(60)), "warn", "nothing has ever been decided", ADVICE),
    (worker_lines.queue, undecided(log=accepted(400)), "fail", "nothing has ever been decided", ADVICE),
    (worker_lines.queue, undecided(ages={"live": 400.0}), "fail", "nothing has ever been decided", ADVICE),
    (worker_lines.queue, undecided(log=NOBODY), "warn", "nothing has ever been decided", "list-event-source-mappings"),
    (worker_lines.queue, undecided(log=accepted(400), stopped=(MAPPING,)), "fail", "nothing has ever", MAPPING.fix),
    (worker_lines.queue, undecided(0), "ok", "live: 0 waiting", ""),
    (worker_lines.last_audit, WELL, "ok", "60 s ago: tagged, a1.1.x", ""),
    (worker_lines.last_audit, healthy(last_audit=None), "warn", "nothing has been decided yet", "autotag setup"),
    (worker_lines.last_audit, undecided(), "warn", "nothing has been decided yet, although messages wait", ADVICE),
    (worker_lines.last_audit, undecided(log=accepted(400)), "fail", "the first one accepted 7 min ago", ADVICE),
    (worker_lines.last_audit, unreadable("last_audit"), "warn", "not known", ""),
]
