"""``make outage N=500 SECONDS=600``: Cloudinary hangs while notifications arrive, reads are due and a run goes on.

No message may use a receive for it, the run must be planned and reads be tried as if nothing hung, and five minutes
after it everything must be tagged, once.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from local.clients.cloudinary import upload
from local.clients.ops import ops
from local.clients.queues import message_count
from local.clients.simulator_control import seed_assets, set_mode, simulator_control, tags_of
from local.clients.tables import is_settled
from local.core.waiting import until
from local.stack.run_folders import new_run_folder
from local.stack.stack import Progress, Stack, temporary_stack
from local.stress.changed_rules import changed_rules
from local.stress.hanging import Hang, hanging, receives_used
from local.stress.ledger import read_ledger
from local.stress.library_steps import Results, autotag_output, wait_until_settled

_LIBRARY, _LATER, _LIVE = "library/", "later/", "live/"
_ASSETS = 60
"""Assets of the library over which a run goes."""

_PENDING = 20
"""Assets whose labels are there after a while, without a notification."""

_TAGGED_WITHIN = 300.0
"""Seconds after the outage in which everything must be tagged."""

_RUN_WITHIN = 900.0
"""Seconds after the outage in which the run must have ended: it makes another pass five minutes after one that failed.
"""


_LOOKS = 30.0
"""Seconds before the end of the outage in which its effects are looked at."""


@dataclass(frozen=True)
class Outage:
    """So many notifications arrive while Cloudinary hangs for so many seconds."""

    notifications: int
    seconds: float


def outage(plan: Outage, console: Console, progress: Progress) -> bool:
    """Run it and print its results; return True if all are as expected. Raises ``LocalError`` if it does not end."""
    folder = new_run_folder("outage")
    results: Results = {}
    with temporary_stack(folder, progress, keep_logs=lambda: not _all_as_expected(results)) as stack:
        try:
            _run_steps(stack, folder, plan, results, progress)
        finally:  # show the results so far after a failure too
            table = Table("outage", "result", "as expected", title=f"Cloudinary hangs for {plan.seconds:.0f} s")
            for name, (result, as_expected) in results.items():
                table.add_row(name, str(result), "yes" if as_expected else "NO")
            console.print(table)
    return _all_as_expected(results)


def _run_steps(stack: Stack, folder: Path, plan: Outage, results: Results, progress: Progress) -> None:
    simulator_control(stack, "PUT", "settings", json={"admin_limit": 100_000})
    progress(f"letting the service tag {_ASSETS} assets, for the run")
    seed_assets(stack, _LIBRARY, _ASSETS, within=120)
    wait_until_settled(stack)
    managed = (tag for tags in tags_of(stack, _LIBRARY).values() for tag in tags)
    ops(stack).push_rules(changed_rules(managed, _LIBRARY.rstrip("/")), None)
    set_mode(stack, f"{_LATER}*", "poll", seconds=5)
    progress(f"letting Cloudinary hang, and sending {plan.notifications} notifications")
    with hanging(stack) as hang:
        for number in range(_PENDING):
            upload(stack.simulator_url, f"{_LATER}{number}/guitarist")
        run_id = str(json.loads(autotag_output(stack, "retag", "--yes", "--detach", "--json"))["id"])
        ended_at = time.monotonic() + plan.seconds
        for number in range(plan.notifications):
            upload(stack.simulator_url, f"{_LIVE}{number}/{'guitarist' if number % 3 else 'garden'}")
            time.sleep(max(0.0, (ended_at - time.monotonic()) * 0.8 / (plan.notifications - number)))
        while time.monotonic() < ended_at - _LOOKS:
            time.sleep(1)
        results |= _during(stack, folder, hang, run_id)
    progress("letting Cloudinary answer again")
    results |= _afterwards(stack, folder, run_id)


def _during(stack: Stack, folder: Path, hang: Hang, run_id: str) -> Results:
    """Return what is to be seen just before the end of the outage."""
    seen = ops(stack).show_run(run_id)["counts"]["seen"]
    waiting, reads = _always_waiting(stack), hang.reads()
    return {
        "receives used while it hung": (receives_used(stack, folder), not receives_used(stack, folder)),
        "messages that did not leave the queue": (waiting, not waiting),
        "tag calls that hung": (hang.tag_calls(), hang.tag_calls() > 0),
        "reads that hung": (reads, reads > 0),
        f"assets of {_ASSETS} that the run had looked at": (seen, seen > 0),
    }


def _always_waiting(stack: Stack) -> int:
    """Return the least number of messages in the queue in half a minute: the poller's come and go every minute."""
    ended_at, least = time.monotonic() + _LOOKS, message_count(stack)
    while least and time.monotonic() < ended_at:
        time.sleep(0.5)
        least = min(least, message_count(stack))
    return least


def _afterwards(stack: Stack, folder: Path, run_id: str) -> Results:
    """Wait until everything is tagged, and return how long that took and what was lost, doubled or left."""
    began = time.monotonic()
    until(lambda: is_settled(stack), "everything to be tagged", within=_TAGGED_WITHIN, every=1.0)
    settled = time.monotonic() - began
    until(lambda: ops(stack).show_run(run_id)["status"] != "running", "the run to end", within=_RUN_WITHIN, every=2.0)
    ended = time.monotonic() - began
    wait_until_settled(stack)
    ledger, run = read_ledger(stack), ops(stack).show_run(run_id)
    used = receives_used(stack, folder)
    return {
        "seconds until everything was tagged": (round(settled), settled <= _TAGGED_WITHIN),
        "seconds until the run had ended": (round(ended), run["status"] == "done"),
        "receives used": (used, not used),
        "assets": (ledger.assets, True),
        "lost": (ledger.lost, not ledger.lost),
        "double": (ledger.double - run["counts"]["done"], ledger.double == run["counts"]["done"]),
        "left": (ledger.unfinished, not ledger.unfinished),
    }


def _all_as_expected(results: Results) -> bool:
    return bool(results) and all(as_expected for _, as_expected in results.values())
