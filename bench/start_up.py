"""The start of the ``autotag`` command: whole processes, beside a Python that does nothing, alternating in one run.

    .venv/bin/python bench/start_up.py [--runs N] [--command PATH]

``--command`` is the script of an installed wheel; without it this folder's own is measured. Bytecode is cached in
``.local/bench``, as an installation has it. The machine slows whole rounds: the ratios are what to compare.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "events" / "responses" / "upload-guitarist.json"
TARGETS = {"--help": 250, "decide --help": 250, "decide FILE": 250}
"""Milliseconds."""


def environment() -> dict[str, str]:
    """Return the environment of a measured process."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(ROOT / ".local" / "bench" / "start-up")}


def milliseconds(command: list[str]) -> float:
    """Return how long a process takes from its start to its end."""
    start = time.perf_counter()
    subprocess.run(command, env=environment(), check=True, capture_output=True)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10, help="processes for each (10)")
    parser.add_argument("--command", default=str(Path(sys.executable).with_name("autotag")), help="the script")
    options = parser.parse_args()
    bare = str(Path(options.command).resolve().with_name("python"))
    measured = {
        "python -c pass": [bare, "-c", "pass"],
        "--help": [options.command, "--help"],
        "decide --help": [options.command, "decide", "--help"],
        "decide FILE": [options.command, "decide", str(FILE)],
    }
    times: dict[str, list[float]] = {name: [] for name in measured}
    for number in range(options.runs + 1):
        for name, command in measured.items():
            took = milliseconds(command)
            if number:  # the first run of each fills the caches of the disk and of bytecode
                times[name].append(took)
    nothing = statistics.median(times["python -c pass"])
    table = Table("autotag", "ms", "ratio to bare", "target, ms", title=f"medians of {options.runs} processes")
    for name, values in times.items():
        median = statistics.median(values)
        table.add_row(name, f"{median:.0f}", f"{median / nothing:.1f}", str(TARGETS.get(name, "")))
    Console().print(table)


if __name__ == "__main__":
    main()
