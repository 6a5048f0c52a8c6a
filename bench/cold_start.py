"""The cold start of each handler, from the package that ``sam build`` makes, compared with two others.

    .venv/bin/python bench/cold_start.py [--runs N] [--only NAME]

- "bare" is a handler that only creates the boto3 clients that the handler needs, packaged with its byte code, too.
- "source" is the same package without byte code, as a build by pip alone makes it.

All are imported in fresh processes, which take turns in one run. No process writes byte code, as on Lambda, where the
package cannot be written. boto3 is not in the package: it comes with the runtime, here with its byte code. The results
are medians, of wall time and of processor time, from the first import to the end of the init phase (clients created).
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.timing import median_ratio
from local.stack import sam

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".local" / "bench" / "cold-start"
NEEDS = {
    "webhook": ["sqs", "secretsmanager"],
    "poll_channel": ["sqs", "secretsmanager"],
    "worker": ["dynamodb", "sqs", "events", "secretsmanager"],
    "poller": ["dynamodb", "sqs", "events", "secretsmanager"],
    "ops": ["dynamodb", "sqs"],
}
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
TIMED = (
    "import time; wall, processor = time.perf_counter(), time.process_time(); import {module}; "
    "print(time.perf_counter() - wall, time.process_time() - processor)"
)
WALL_TO_BARE = {"webhook": 0.9}
PROCESSOR_TO_SOURCE = {"webhook": 0.60, "worker": 0.55}
"""At most."""


class Taken(NamedTuple):
    """What a cold start took, in milliseconds."""

    wall: float
    processor: float


def make_environment() -> Path:
    """Create the environment on first use, with boto3 alone; return its interpreter."""
    python = VENV / "bin" / "python"
    stamp = VENV / "made-of"
    boto3 = re.search(r"^boto3==\S+", (ROOT / "requirements/dev.txt").read_text(), re.MULTILINE)
    if boto3 is None:
        sys.exit("requirements/dev.txt: expected a line boto3==VERSION")
    if not stamp.exists() or stamp.read_text() != boto3[0]:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--compile", boto3[0]], check=True)
        stamp.write_text(boto3[0])
    return python


def make_packages(folder: Path) -> dict[str, Path]:
    """Build the package, and make the two others; return the folder of each."""
    sam.build(folder)
    built = folder / "build" / "WebhookFunction"  # the package of every function
    source = shutil.copytree(built, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    bare = folder / "bare"
    bare.mkdir()
    for name, services in NEEDS.items():
        clients = "".join(f"boto3.client({service!r})\n" for service in services)
        (bare / f"bare_{name}.py").write_text(f"import boto3\n\n{clients}")
    compiled = [sys.executable, "-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(bare)]
    subprocess.run(compiled, check=True)
    return {"autotag": built, "bare": bare, "source": source}


def measure(python: Path, package: Path, module: str) -> Taken:
    """Import ``module`` from ``package`` in a fresh process."""
    done = subprocess.run(
        [str(python), "-c", TIMED.format(module=module)],
        env={**ENVIRONMENT, "PYTHONPATH": str(package)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Taken(*(float(each) * 1000 for each in done.stdout.split()[-2:]))


def byte_code(package: Path) -> set[Path]:
    """Return the compiled modules of a package."""
    return set(package.rglob("*.pyc"))


def cold_starts(python: Path, packages: dict[str, Path], name: str, runs: int) -> Iterator[dict[str, Taken]]:
    """Measure the handler ``name`` of each package in turn, ``runs`` times."""
    for number in range(runs + 1):
        taken = {
            which: measure(python, package, f"bare_{name}" if which == "bare" else f"handlers.{name}")
            for which, package in packages.items()
        }
        if number:  # the first run of each fills the caches of the disk
            yield taken


def main() -> None:
    """Measure every handler and print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, help="fresh processes for each (15)")
    parser.add_argument("--only", choices=NEEDS, help="this handler alone")
    options = parser.parse_args()
    python = make_environment()
    tables = {
        kind: Table("handler", "autotag", "bare", "ratio", "source", "ratio", "target", title=f"{kind} time, ms")
        for kind in Taken._fields
    }
    with TemporaryDirectory(prefix="autotag-cold-start-") as folder:
        packages = make_packages(Path(folder))
        held = {which: byte_code(package) for which, package in packages.items()}
        for name in [options.only] if options.only else NEEDS:
            rounds = list(cold_starts(python, packages, name, options.runs))
            for kind, table in tables.items():
                times = {which: [getattr(taken[which], kind) for taken in rounds] for which in packages}
                to_bare, to_source = (median_ratio(times["autotag"], times[each]) for each in ("bare", "source"))
                target = WALL_TO_BARE.get(name) if kind == "wall" else PROCESSOR_TO_SOURCE.get(name)
                own, bare, source = (f"{statistics.median(each):.0f}" for each in times.values())
                aim = f"{target} of {'bare' if kind == 'wall' else 'source'}" if target else ""
                table.add_row(name, own, bare, f"{to_bare:.2f}", source, f"{to_source:.2f}", aim)
        assert held == {which: byte_code(package) for which, package in packages.items()}, "byte code was written"
    for table in tables.values():
        Console().print(table)
    print(f"medians of {options.runs} cold starts; load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
