"""``make soak N=2000``: many notifications under faults, after which nothing may be lost, duplicated or left.

A fifth of them come twice, a tenth in the wrong order, a twentieth are forged. Cloudinary fails on a tenth of the tag
calls, and function processes are killed at random. Then all queues drain, and what is left is counted.
"""

import hashlib
import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests
from rich.console import Console
from rich.table import Table

from local.clients.cloudinary import upload
from local.clients.queues import come_back_after
from local.clients.simulator_control import simulator
from local.core.credentials import NOTIFICATION_SECRET
from local.core.errors import LocalError
from local.core.loopback_http import http_request
from local.core.waiting import until
from local.stack.run_folders import new_run_folder
from local.stack.stack import Progress, Stack, temporary_stack
from local.stress.ledger import at_rest, read_ledger, states_of, unfinished
from local.stress.notification_collector import Collector, collecting
from local.stress.process_kills import killing

_CLIENTS = 16
_PATIENCE = 240.0
"""Seconds for which one notification is retried; Cloudinary retries for up to twenty minutes."""
_DRAINED_WITHIN = 1200.0
_FAULTS = (
    {"status": 420, "headers": {"Retry-After": "1"}},
    {"status": 500},
    {"status": 503, "body": "<html>busy</html>"},
    {"drop": True},
    {"drop": True, "effect": True},
)


def soak(n: int, seed: int, console: Console, progress: Progress) -> bool:
    """Run it; return True if nothing was lost, duplicated or left. Raises ``LocalError`` if the queues do not drain."""
    chance = random.Random(seed)  # noqa: S311 (a repeatable plan, not a secret)
    folder = new_run_folder("soak")
    bad = True
    with temporary_stack(folder, progress, keep_logs=lambda: bad) as stack, collecting() as collector:
        _prepare(stack)
        progress(f"uploading (seed {seed})")
        plan = _plan(stack, collector, n, chance)
        for fault in _FAULTS:
            rule = {"match": {"path": "*/tags", "every": 10 * len(_FAULTS)}, "fault": fault}
            simulator(stack, "POST", "faults", json=rule)
        progress(f"sending {len(plan)} notifications")
        started = time.monotonic()
        with killing(folder, chance, every=4.0) as toll, ThreadPoolExecutor(_CLIENTS) as pool:
            statuses = Counter(pool.map(lambda item: _send(stack, *item), plan))
        progress(f"sent in {time.monotonic() - started:.0f} s, draining")
        redriven = _drain(stack)
        ledger = read_ledger(stack)
        table = Table("ledger", "count", title=f"soak of {n}, seed {seed}")
        rows = {
            "sent": len(plan),
            "accepted": statuses[200],
            "refused": statuses[401],
            "other answers": len(plan) - statuses[200] - statuses[401],
            "processes killed": toll.killed,
            "redriven from the dead-letter queue": redriven,
            "assets": ledger.assets,
            "audits": ledger.audits,
            "lost": ledger.lost,
            "double": ledger.double,
            "left": ledger.left,
        }
        for name, count in rows.items():
            table.add_row(name, str(count))
        console.print(table)
        forged = sum(1 for _, secret in plan if secret != NOTIFICATION_SECRET)
        bad = not ledger.clean or statuses[401] != forged or rows["other answers"] != 0
    return not bad


def _plan(stack: Stack, collector: Collector, n: int, chance: random.Random) -> list[tuple[bytes, str]]:
    """Upload assets and return the notifications in the order to send them, each with the secret to sign with."""
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
        notice = json.loads(body)
        newest[notice["public_id"]] = max(newest.get(notice["public_id"], 0), notice["version"])
    places: list[tuple[float, bytes, str]] = []
    for body in collector.bodies:
        notice = json.loads(body)
        late = notice["public_id"] in names[:pairs] and notice["version"] < newest[notice["public_id"]]
        places.append((chance.uniform(0.5, 1.0) if late else chance.uniform(0.0, 0.5), body, NOTIFICATION_SECRET))
    places += [(chance.random(), chance.choice(collector.bodies), NOTIFICATION_SECRET) for _ in range(doubles)]
    places += [(chance.random(), chance.choice(collector.bodies), "a guess") for _ in range(forged)]
    places.sort(key=lambda place: place[0])
    return [(body, secret) for _, body, secret in places]


def _send(stack: Stack, body: bytes, secret: str) -> int:
    """Post one notification until the answer is 200 or 401, as Cloudinary retries; return the status, else 0."""
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        timestamp = str(int(time.time()))
        signature = hashlib.sha256(body + timestamp.encode() + secret.encode()).hexdigest()
        headers = {"X-Cld-Timestamp": timestamp, "X-Cld-Signature": signature, "Content-Type": "application/json"}
        try:
            status = http_request("POST", stack.outputs["WebhookUrl"], data=body, headers=headers).status_code
        except requests.RequestException:
            continue
        if status in (200, 401):
            return status
        time.sleep(0.5)
    return 0


def _prepare(stack: Stack) -> None:
    """Make messages that a killed worker had received return after 30 s instead of minutes; raise the Admin limit."""
    come_back_after(stack, 30)
    quiet = {"events": [], "admin_limit": 100_000}
    simulator(stack, "PUT", "settings", json=quiet)


def _drain(stack: Stack) -> int:
    """Wait until nothing is queued or unfinished; return how many dead letters were moved back, as an operator does."""
    sqs, redriven = stack.client("sqs"), 0
    queue, dead = stack.outputs["QueueUrl"], stack.outputs["DeadLetterQueueUrl"]

    def done() -> bool:
        nonlocal redriven
        for message in sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages", []):
            sqs.send_message(QueueUrl=queue, MessageBody=message["Body"])
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
            redriven += 1
        return at_rest(stack)

    try:
        until(done, "everything to drain", within=_DRAINED_WITHIN, every=4.0)
    except LocalError as error:
        raise LocalError(f"{error} Still waiting: {sum(map(unfinished, states_of(stack)))} assets.") from error
    return redriven
