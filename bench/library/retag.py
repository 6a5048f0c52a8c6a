"""A retag of many assets during live uploads, on a local stack of its own: its calls, and the delay of the uploads.

The simulated Cloudinary has N assets with a hundred different sets of labels. The deployed service processes their
notifications as usual. Then rules are pushed that give all assets one more tag, rename the most frequent tag, and raise
the threshold of the next: four kinds of changes. ``autotag retag`` runs while uploads follow each other as before.
"""

import json
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from autotag_cli.stack.scan.pages import all_pages
from bench.targets import Targets
from local.clients.autotag_command import run_autotag, start_autotag
from local.clients.cloudinary import upload
from local.clients.ops import ops
from local.clients.queues import message_count
from local.clients.simulator_control import recorded_calls, seed_assets
from local.core.errors import LocalError
from local.core.waiting import until
from local.stack.run_folders import new_run_folder
from local.stack.stack import Progress, Stack, temporary_stack
from local.stress.changed_rules import changed_rules

_PREFIX = "library/"
_UPLOAD_INTERVAL = 1.0
"""Seconds from one live upload to the next, both idle and during the run."""

_WITHIN = 600.0
"""Seconds that a step may take."""


class RetagMeasurement(NamedTuple):
    """The assets that the run scanned and changed, its calls and its duration in seconds.

    ``idle`` and ``during`` are, for each live upload without the run and during it, the seconds to its tags from its
    answer, when its notification is sent.
    """

    scanned: int
    changed: int
    calls: int
    seconds: float
    idle: list[float]
    during: list[float]


def measure(assets: int, uploads: int, progress: Progress) -> RetagMeasurement:
    """Create the library, and retag it. Raises ``LocalError`` if a step takes too long."""
    with temporary_stack(new_run_folder("bench"), progress) as stack:
        progress(f"letting the service tag {assets:,} assets")
        seed_assets(stack, _PREFIX, assets, within=_WITHIN)
        until(lambda: not message_count(stack), "everything to be tagged", within=_WITHIN, every=0.5)
        tags = _library_tags(stack, assets)
        names = _names()
        progress("uploading, with nothing else to do")
        idle = [_upload_and_wait(stack, next(names)) for _ in range(uploads)]
        ops(stack).push_rules(changed_rules(tags.elements(), _PREFIX.rstrip("/")), None)
        progress("retagging, and uploading meanwhile")
        calls_before, started = _library_calls(stack), time.monotonic()
        retag = start_autotag(stack, "retag", "--yes", "--json", output=subprocess.PIPE)
        during: list[float] = []
        try:
            while retag.poll() is None:
                during.append(_upload_and_wait(stack, next(names)))
        finally:
            retag.terminate()  # no effect if it has ended
        seconds = time.monotonic() - started
        output, errors = retag.communicate()
        if retag.returncode:
            sys.exit(f"autotag retag ended with {retag.returncode}: {errors}{output}")
        run = json.loads(output)
        calls = _library_calls(stack) - calls_before
        _check_nothing_left(stack)
        return RetagMeasurement(run["counts"]["seen"], run["counts"]["done"], calls, seconds, idle, during)


def _upload_and_wait(stack: Stack, public_id: str) -> float:
    """Upload a picture, wait for its tags, and return the seconds from the upload's answer to them.

    Return only when the next upload is due.
    """
    upload(stack.simulator_url, public_id)

    def tag_calls() -> list[dict[str, Any]]:
        return recorded_calls(stack, path="*/tags", public_ids=public_id)

    started = time.monotonic()
    first, *_ = until(tag_calls, f"{public_id} to be tagged", within=_WITHIN, every=0.05)
    (sent,) = recorded_calls(stack, path="*/upload", public_id=public_id)
    time.sleep(max(0.0, _UPLOAD_INTERVAL - (time.monotonic() - started)))
    return (datetime.fromisoformat(first["at"]) - datetime.fromisoformat(sent["at"])).total_seconds()


def _names() -> Iterator[str]:
    """Yield names for which the simulated add-on returns the labels of a guitarist."""
    return (f"live/{number:05}/guitarist" for number in count(1))


def _library_calls(stack: Stack) -> int:
    """Return how many calls have changed tags of the library, without those of live uploads."""
    calls = recorded_calls(stack, path="*/tags")
    return sum(str(call["params"]["public_ids"][0]).startswith(_PREFIX) for call in calls)


def _library_tags(stack: Stack, assets: int) -> Counter[str]:
    """Return the number of assets of each managed tag. Exit if the service has not decided on all assets."""
    tags: Counter[str] = Counter()
    decided = 0
    for page in all_pages(ops(stack)):
        for scanned in page.assets:
            tags.update(scanned.managed_tags)
            decided += bool(scanned.decided_at)
    if decided != assets:
        sys.exit(f"the service has decided on {decided:,} of {assets:,} assets")
    return tags


def _check_nothing_left(stack: Stack) -> None:
    dry_run = run_autotag(stack, "retag", "--dry-run", "--json")
    if dry_run.returncode or dry_run.stdout:
        sys.exit(f"after the run there is still something to change: {dry_run.stderr}{dry_run.stdout[:500]}")


def report(measured: RetagMeasurement, console: Console) -> None:
    """Print the measurements and the targets."""
    idle, during = (statistics.median(times) for times in (measured.idle, measured.during))
    table = Table("retag", "measured", title="A retag beside live uploads", title_justify="left", box=SIMPLE, padding=0)
    rows = {
        "assets looked at": f"{measured.scanned:,}",
        "assets changed": f"{measured.changed:,}",
        "calls to Cloudinary": f"{measured.calls:,}",
        "seconds, start to end": f"{measured.seconds:.1f}",
        "assets changed a second": f"{measured.changed / measured.seconds:.0f}",
        f"upload to tag, idle, median of {len(measured.idle)}": f"{idle:.3f} s",
        f"upload to tag, during the run, median of {len(measured.during)}": f"{during:.3f} s",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    console.print(table)
    targets = Targets()
    targets.at_most("calls for every 20 assets that change", 1.0, 20 * measured.calls / measured.changed)
    targets.at_most("upload to tag, during a run to idle", 1.2, during / idle)
    console.print(targets.table)


def run(assets: int, uploads: int) -> None:
    """Measure and print. Exit with one sentence on an error."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the stack is stopped, too
    console = Console()
    try:
        report(measure(assets, uploads, console.print), console)
    except LocalError as error:
        sys.exit(str(error))
