"""The cold start of each handler, compared with a bare handler that only creates the boto3 clients it needs.

    .venv/bin/python bench/cold_start.py [--runs N]

Both are imported in fresh processes, alternating in one run. Their environment has only src/requirements.txt and boto3.
The result is the median time from the first import to the end of the init phase (clients created).
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".local" / "bench" / "cold-start"
NEEDS = {
    "webhook": ["sqs", "secretsmanager"],
    "poll_channel": ["sqs", "secretsmanager"],
    "worker": ["dynamodb", "sqs", "events", "secretsmanager"],
    "poller": ["dynamodb", "sqs", "events", "secretsmanager"],
    "ops": ["dynamodb", "sqs"],
}
TARGETS = {"webhook": 1.0, "worker": 1.3}
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "PYTHONPATH": str(ROOT / "src"),
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
TIMED = "import time; t = time.perf_counter(); {code}; print((time.perf_counter() - t) * 1000)"


def make_environment() -> Path:
    """Create the environment on first use; return its interpreter."""
    python = VENV / "bin" / "python"
    stamp = VENV / "made-of"
    boto3 = re.search(r"^boto3==\S+", (ROOT / "requirements/dev.txt").read_text(), re.MULTILINE)
    if boto3 is None:
        sys.exit("requirements/dev.txt: expected a line boto3==VERSION")
    wanted = (ROOT / "src/requirements.txt").read_text() + boto3[0]
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "src/requirements.txt")], check=True)
        subprocess.run([*pip, boto3[0]], check=True)
        stamp.write_text(wanted)
    return python


def measure(python: Path, code: str) -> float:
    """Run ``code`` in a fresh process and return its milliseconds."""
    command = [str(python), "-c", TIMED.format(code=code)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def main() -> None:
    """Measure every handler and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, help="fresh processes for each (15)")
    runs = parser.parse_args().runs
    python = make_environment()
    table = Table("handler", "autotag, ms", "bare boto3, ms", "ratio", "target", title=f"medians of {runs} cold starts")
    for name, services in NEEDS.items():
        codes = {
            "autotag": f"import handlers.{name}",
            "bare": "import boto3; " + "; ".join(f"boto3.client({service!r})" for service in services),
        }
        times: dict[str, list[float]] = {which: [] for which in codes}
        for number in range(runs + 1):
            for which, code in codes.items():
                took = measure(python, code)
                if number:  # the first run of each fills the caches of the disk and of bytecode
                    times[which].append(took)
        own, bare = (statistics.median(times[which]) for which in ("autotag", "bare"))
        target = TARGETS.get(name)
        table.add_row(name, f"{own:.0f}", f"{bare:.0f}", f"{own / bare:.2f}", f"{target:.1f}" if target else "")
    Console().print(table)


if __name__ == "__main__":
    main()
