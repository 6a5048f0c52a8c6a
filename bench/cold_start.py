"""The cold start of each handler as `sam build` packages it, compared with a bare handler and with no byte code.

    .venv/bin/python bench/cold_start.py [--runs N]

Contestants start in fresh processes, alternating in one run: the handler from its built package, the same package
without its byte code, and a bare handler that only makes the boto3 clients that the other needs, compiled like the
package. As on Lambda, no process writes byte code beside the code. boto3 comes from an environment that stands for the
runtime. The result is the time from the first import to the end of the init phase (clients made).
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.tables import measurement_table  # noqa: E402
from build_functions import compile_package  # noqa: E402
from local.stack import sam  # noqa: E402

WORK = ROOT / ".local" / "bench" / "cold-start"
CLIENTS = {
    "webhook": ["sqs", "secretsmanager"],
    "poll_channel": ["sqs", "secretsmanager"],
    "worker": ["dynamodb", "sqs", "events", "secretsmanager"],
    "poller": ["dynamodb", "sqs", "events", "secretsmanager"],
    "ops": ["dynamodb", "sqs"],
}
MOST_OF_BARE = {"webhook": 0.9}
MOST_OF_UNCOMPILED = {"webhook": 0.6, "worker": 0.55}
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONDONTWRITEBYTECODE": "1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "STATE_TABLE": "state",
    "HISTORY_TABLE": "history",
    "QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/queue",
    "BULK_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/bulk",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/dead",
    "BULK_DEAD_LETTER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/bulk-dead",
    "EVENT_BUS_NAME": "bus",
    "SECRET_ID": "secret",
    "POLL_CHANNEL": "autotag",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "POWERTOOLS_METRICS_NAMESPACE": "autotag",
}
TIMED = """
import time
processor, wall = time.process_time(), time.perf_counter()
import {module}
print((time.process_time() - processor) * 1000, (time.perf_counter() - wall) * 1000)
"""


class Start(NamedTuple):
    """Milliseconds of one cold start, of processor time and of wall time."""

    processor: float
    wall: float


def make_runtime() -> Path:
    """Create the environment with boto3 on first use; return its interpreter."""
    folder = WORK / "runtime"
    stamp = folder / "made-of"
    boto3 = re.search(r"^boto3==\S+", (ROOT / "requirements/dev.txt").read_text(), re.MULTILINE)
    if boto3 is None:
        sys.exit("requirements/dev.txt: expected a line boto3==VERSION")
    python = folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != boto3[0]:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, boto3[0]], check=True)
        stamp.write_text(boto3[0])
    return python


def make_packages() -> dict[str, Path]:
    """Build the package, copy it without byte code, and compile bare handlers; return the three folders."""
    for name in ("build", "uncompiled", "bare"):
        shutil.rmtree(WORK / name, ignore_errors=True)
    built = sam.build(WORK).parent / "WebhookFunction"  # all functions have the same package
    shutil.copytree(built, WORK / "uncompiled", ignore=shutil.ignore_patterns("__pycache__"))
    (WORK / "bare").mkdir()
    for name, services in CLIENTS.items():
        clients = "".join(f"boto3.client({service!r})\n" for service in services)
        (WORK / "bare" / f"{name}.py").write_text(f"import boto3\n\n{clients}")
    compile_package(WORK / "bare")
    return {"built": built, "uncompiled": WORK / "uncompiled", "bare": WORK / "bare"}


def start(python: Path, package: Path, module: str) -> Start:
    """Start a handler in a fresh process."""
    command = [str(python), "-c", TIMED.format(module=module)]
    environment = {**ENVIRONMENT, "PYTHONPATH": str(package)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return Start(*map(float, done.stdout.split()[-2:]))


def measure(python: Path, packages: dict[str, Path], name: str, runs: int) -> dict[str, list[Start]]:
    """Return the cold starts of a handler by contestant."""
    starts: dict[str, list[Start]] = {which: [] for which in packages}
    for number in range(runs + 1):
        for which, package in packages.items():
            took = start(python, package, name if which == "bare" else f"handlers.{name}")
            if number:  # the first run of each fills the caches of the disk
                starts[which].append(took)
    return starts


def ratio(starts: list[Start], others: list[Start]) -> float:
    """Return the median of the rounds' ratios of processor time: what slows a whole round down cancels out."""
    return statistics.median(a.processor / b.processor for a, b in zip(starts, others, strict=True))


def milliseconds(starts: list[Start]) -> str:
    """Return the medians of processor and wall time in words."""
    return " / ".join(f"{statistics.median(values):.0f}" for values in zip(*starts, strict=True))


def main() -> None:
    """Measure every handler and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, help="fresh processes for each (15)")
    runs = parser.parse_args().runs
    python, packages = make_runtime(), make_packages()
    files = sorted(path for package in packages.values() for path in package.rglob("*"))
    table = measurement_table(
        f"Medians of {runs} cold starts, milliseconds of processor / wall time; ratios of processor time. "
        f"Load average {os.getloadavg()[0]:.1f}",
        "handler", "as built", "without byte code", "ratio", "at most", "bare boto3", "ratio", "at most",
        first_column="left",
    )  # fmt: skip
    for name in CLIENTS:
        starts = measure(python, packages, name, runs)
        row = [name, milliseconds(starts["built"])]
        for other, targets in (("uncompiled", MOST_OF_UNCOMPILED), ("bare", MOST_OF_BARE)):
            target = f"{targets[name]:.2f}" if name in targets else ""
            row += [milliseconds(starts[other]), f"{ratio(starts['built'], starts[other]):.2f}", target]
        table.add_row(*row)
    if sorted(path for package in packages.values() for path in package.rglob("*")) != files:
        sys.exit("a package changed while it was measured: expected that no process writes into it")
    Console().print(table)


if __name__ == "__main__":
    main()
