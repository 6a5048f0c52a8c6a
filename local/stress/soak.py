"""``make soak N=2000``: many notifications under faults, after which nothing may be lost, duplicated or left.

A fifth of them come twice, a tenth in the wrong order, a twentieth are forged. Cloudinary fails on a tenth of the tag
calls, and function processes are killed at random. Then all queues drain, and what is left is counted.
"""

import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import requests
from rich.console import Console
from rich.table import Table

from local.clients.cloudinary import upload
from local.clients.queues import set_visibility_timeout
from local.clients.simulator_control import add_fault, simulator_control
from local.clients.tables import asset_states, is_settled, is_unfinished
from local.core.credentials import NOTIFICATION_SECRET
from local.core.errors import LocalError
from local.core.loopback_http import http_request
from local.core.notification_signing import signed_headers
from local.core.waiting import until
from local.stack.run_folders import new_run_folder
from local.stack.stack import Progress, Stack, temporary_stack
from local.stress.ledger import read_ledger
from local.stress.notification_collector import NotificationCollector, collect_notifications
from local.stress.process_kills import kill_randomly

_CLIENTS = 16
_RETRIED_FOR = 240.0
"""Seconds for which one notification is retried; Cloudinary retries for up to twenty minutes."""
_DRAINED_WITHIN = 1200.0
_FAULTS = (
    {"status": 420, "headers": {"Retry-After": "1"}},
    {"status": 500},
    {"status": 503, "body": "<html>busy</html>"},
    {"drop": True},
    {"drop": True, "effect": True},
)


class _Notification(NamedTuple):
    """A notification to send, and the secret to sign it with; ``order`` (0 to 1) is its place in the sequence."""

    order: float
    body: bytes
    secret: str = NOTIFICATION_SECRET


def soak(n: int, seed: int, console: Console, progress: Progress) -> bool:
    """Run it; return True if nothing was lost, duplicated or left. Raises ``LocalError`` if the queues do not drain."""
    rng = random.Random(seed)  # noqa: S311 (a repeatable plan, not a secret)
    folder = new_run_folder("soak")
    failed = True
    with temporary_stack(folder, progress, keep_logs=lambda: failed) as stack, collect_notifications() as collector:
        _prepare(stack)
        progress(f"uploading (seed {seed})")
        notifications = _upload_and_plan(stack, collector, n, rng)
        for fault in _FAULTS:
            add_fault(stack, {"path": "*/tags", "every": 10 * len(_FAULTS)}, fault)
        progress(f"sending {len(notifications)} notifications")
        started = time.monotonic()
        with kill_randomly(folder, rng, every=4.0) as kills, ThreadPoolExecutor(_CLIENTS) as pool:
            statuses = Counter(pool.map(lambda notification: _send(stack, notification), notifications))
        progress(f"sent in {time.monotonic() - started:.0f} s, draining")
        redriven = _drain(stack)
        ledger = read_ledger(stack)
        table = Table("ledger", "count", title=f"soak of {n}, seed {seed}")
        rows = {
            "sent": len(notifications),
            "accepted": statuses[200],
            "refused": statuses[401],
            "other answers": len(notifications) - statuses[200] - statuses[401],
            "processes killed": kills.count,
            "redriven from the dead-letter queue": redriven,
            "assets": ledger.assets,
            "audits": ledger.audits,
            "lost": ledger.lost,
            "double": ledger.double,
            "left": ledger.unfinished,
        }
        for name, count in rows.items():
            table.add_row(name, str(count))
        console.print(table)
        forged = sum(notification.secret != NOTIFICATION_SECRET for notification in notifications)
        failed = not ledger.is_clean or statuses[401] != forged or rows["other answers"] != 0
    return not failed


def _upload_and_plan(stack: Stack, collector: NotificationCollector, n: int, rng: random.Random) -> list[_Notification]:
    """Upload assets, and return the notifications in the order to send them."""
    doubles, pairs, forged = n // 5, n // 20, n // 20
    singles = n - doubles - 2 * pairs - forged
    names = [f"soak/{number}/{'guitarist' if number % 3 else 'garden'}" for number in range(singles + pairs)]
    for name in names:
        upload(stack.simulator_url, name, notification_url=collector.url)
    for name in names[:pairs]:
        upload(stack.simulator_url, name, notification_url=collector.url)  # a second version
    expected = len(names) + pairs
    until(lambda: len(collector.bodies) >= expected, "a notification of every upload", within=120)
    newest: dict[str, int] = {}
    for body in collector.bodies:
        fields = json.loads(body)
        newest[fields["public_id"]] = max(newest.get(fields["public_id"], 0), fields["version"])
    notifications: list[_Notification] = []
    for body in collector.bodies:
        fields = json.loads(body)
        is_older = fields["public_id"] in names[:pairs] and fields["version"] < newest[fields["public_id"]]
        notifications.append(_Notification(rng.uniform(0.5, 1.0) if is_older else rng.uniform(0.0, 0.5), body))
    notifications += [_Notification(rng.random(), rng.choice(collector.bodies)) for _ in range(doubles)]
    notifications += [_Notification(rng.random(), rng.choice(collector.bodies), "a guess") for _ in range(forged)]
    return sorted(notifications, key=lambda notification: notification.order)


def _send(stack: Stack, notification: _Notification) -> int:
    """Post one notification until the answer is 200 or 401, as Cloudinary retries; return the status, else 0."""
    deadline = time.monotonic() + _RETRIED_FOR
    while time.monotonic() < deadline:
        headers = signed_headers(notification.body, notification.secret, algorithm="sha256")
        try:
            url = stack.outputs["WebhookUrl"]
            status = http_request("POST", url, data=notification.body, headers=headers).status_code
        except requests.RequestException:
            continue
        if status in (200, 401):
            return status
        time.sleep(0.5)
    return 0


def _prepare(stack: Stack) -> None:
    """Make messages that a killed worker had received return after 30 s instead of minutes; raise the Admin limit."""
    set_visibility_timeout(stack, 30)
    simulator_control(stack, "PUT", "settings", json={"events": [], "admin_limit": 100_000})


def _drain(stack: Stack) -> int:
    """Wait until nothing is queued or unfinished; return how many dead letters were moved back, as an operator does."""
    sqs, redriven = stack.client("sqs"), 0
    queue, dead_letters = stack.outputs["QueueUrl"], stack.outputs["DeadLetterQueueUrl"]

    def drained() -> bool:
        nonlocal redriven
        for message in sqs.receive_message(QueueUrl=dead_letters, MaxNumberOfMessages=10).get("Messages", []):
            sqs.send_message(QueueUrl=queue, MessageBody=message["Body"])
            sqs.delete_message(QueueUrl=dead_letters, ReceiptHandle=message["ReceiptHandle"])
            redriven += 1
        return is_settled(stack)

    try:
        until(drained, "everything to drain", within=_DRAINED_WITHIN, every=4.0)
    except LocalError as error:
        raise LocalError(f"{error} Still waiting: {sum(map(is_unfinished, asset_states(stack)))} assets.") from error
    return redriven
