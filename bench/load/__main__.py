"""Load, measured: the figures of a burst, an outage, a starved minute, an hour's budget, a name, a long life.

    python -m bench.load [--only NAME]... [--quick] [--baseline REVISION] [--recorded]

With ``--baseline`` the code of that revision is measured, too: the table has the figures before and after. The
deployed code runs as it is; where time would have to pass, it passes on a simulated clock (``bench.load.simulated``).
Data, jitter and order come from a fixed seed. What a call costs of a processor is measured first; with ``--recorded``
it is what was recorded on a quiet machine, so that a busy machine changes nothing.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bench.load.catalog import ALL, OTHERS, TIMED
from bench.load.processor_time import TYPICAL, ProcessorTime
from bench.load.revisions import ROOT, Failed, commit_of, extract, measured
from bench.load.rows import Row, compared
from bench.tables import measurement_table

_AT_ONCE = 2
"""Simulations at once: their results do not depend on the time that they take."""

_WIDTH = 150


class Results:
    """The rows of each measurement of the code in one folder, or why there are none."""

    def __init__(self, tree: Path, *, quick: bool, recorded: bool) -> None:
        self._tree, self._quick, self._recorded = tree, quick, recorded
        self._processor = TYPICAL
        self._found: dict[str, list[Row] | Failed] = {}

    def measure(self, name: str) -> None:
        """Measure one subject."""
        try:
            rows = measured(name, self._tree, self._processor, quick=self._quick)
        except Failed as error:
            self._found[name] = error
            return
        self._found[name] = rows
        if name == "processor" and not self._recorded:
            self._processor = ProcessorTime.of({row.name: row.value for row in rows})

    def rows(self, names: list[str]) -> list[Row]:
        """Return all rows in the order of ``names``."""
        return [row for name in names for row in self._rows(name)]

    def _rows(self, name: str) -> list[Row]:
        found = self._found[name]
        return [Row(name, f"failed: {found}", "measured", met=False)] if isinstance(found, Failed) else found


def main() -> None:
    """Measure what was asked for, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(ALL), help="this subject alone (repeatable)")
    parser.add_argument("--quick", action="store_true", help="small sizes: a minute in all, and rough")
    parser.add_argument("--baseline", metavar="REVISION", help="a revision of git to measure, too: before and after")
    parser.add_argument("--recorded", action="store_true", help="charge recorded processor time, for a busy machine")
    options = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    began, load_before = time.monotonic(), os.getloadavg()
    names = [name for name in ALL if name in (options.only or ALL)]
    with TemporaryDirectory() as folder:
        trees = {"after": ROOT}
        if options.baseline:
            try:
                extract(options.baseline, Path(folder))
            except Failed as error:
                sys.exit(f"--baseline: {error}")
            trees = {"before": Path(folder)} | trees
        results = {
            which: Results(tree, quick=options.quick, recorded=options.recorded) for which, tree in trees.items()
        }
        _measure(results, names, console, recorded=options.recorded)
    before = results["before"].rows(names) if options.baseline else None
    columns = ["before", "after"] if options.baseline else ["figure"]
    title = f"load, {'small sizes, ' if options.quick else ''}seed 1"
    if options.baseline:
        title += f"; before: {options.baseline} ({commit_of(options.baseline)})"
    table = measurement_table(title, "what", *columns, "how", "target", "met", first_column="left")
    for cells in compared(before, results["after"].rows(names)):
        table.add_row(*cells)
    console.print(table)
    console.print(
        f"load average {load_before[0]:.1f} before, {os.getloadavg()[0]:.1f} after; {os.process_cpu_count()} "
        f"processors; {time.monotonic() - began:.0f} s",
        highlight=False,
    )


def _measure(results: Mapping[str, Results], names: list[str], console: Console, *, recorded: bool) -> None:
    charging = not recorded and any(name in OTHERS for name in names)
    for name in TIMED:
        for which, each in results.items() if name in names or (charging and name == "processor") else ():
            console.print(f"{name}, {which}", style="dim")
            each.measure(name)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        others = [(each, name) for name in reversed(OTHERS) if name in names for each in results.values()]
        for done in [pool.submit(each.measure, name) for each, name in others]:
            done.result()


if __name__ == "__main__":
    main()
