"""Decisions on labels by this engine, with every label explained, compared with rule engines and hard-coded Python.

    python3.13 bench/decide.py [--rounds N]

In one run all get the same work. Their answers are checked to be equal, then they are timed in turns, in processor
time; the results are medians. The other engines are installed in .tools/bench, which the first run creates.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".tools" / "bench"


def main() -> None:
    """Run in the environment of the benchmark, which the Makefile's rule creates if it is missing or out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="turns of each contestant in each comparison (15)")
    rounds = parser.parse_args().rounds
    if rounds < 1:
        parser.error("--rounds: expected at least 1")
    if Path(sys.prefix).resolve() == VENV.resolve():
        from bench.decisions.report import report

        report(rounds)
        return
    subprocess.run(["make", "--silent", "--directory", str(ROOT), f"{VENV.relative_to(ROOT)}/.installed"], check=True)  # noqa: S607
    python = VENV / "bin" / "python"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    os.execve(python, [str(python), "-m", "bench.decide", "--rounds", str(rounds)], environment)  # noqa: S606


if __name__ == "__main__":
    main()
