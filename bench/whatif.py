"""The measurement of ``bench/bulk.py whatif``, and its output."""

import os
import sys
import time
from pathlib import Path
from platform import python_version
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from autotag_cli.export.file_format import is_export
from autotag_cli.rules.diff.compare import compare_inputs
from autotag_cli.rules.diff.count_changes import ComparedRules
from autotag_cli.stats.cost.prices import MILLION, READ_UNIT
from bench import library
from bench.changes import Change, changes

EXAMPLES = 3
"""The number of examples that ``rules diff`` names for each tag."""
READ = 4096
"""Bytes of a read unit. A scan costs half of one, since it is eventually consistent."""
AIM = 60.0
"""The target in seconds for a million assets."""
WIDTH = 112


def report(assets: int, keep: Path | None) -> None:
    """Measure everything and print it."""
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH
    with TemporaryDirectory() as folder:
        path = keep or Path(folder, "library.jsonl")
        if not is_export(str(path)):
            with console.status(f"making an export of {assets:,} assets"):
                library.write(path, assets)
        size = path.stat().st_size
        console.print(
            f"Python {python_version()}, {os.process_cpu_count()} processors; an export of {size / 2**20:,.0f} MB",
            highlight=False,
        )
        console.print(_measured(path, console))
    console.print(_reads())


def _measured(path: Path, console: Console) -> Table:
    table = _table(
        "rules diff OLD NEW EXPORT, assets of 50 labels",
        "what changes", "assets", "tags change on", "seconds", "of processors", "assets a second",
        f"a million in {AIM:.0f} s",
    )  # fmt: skip
    for name, change in changes(1).items():
        with console.status(name):
            table.add_row(name, *_compared(path, change))
    peak = max(getrusage(RUSAGE_SELF).ru_maxrss, getrusage(RUSAGE_CHILDREN).ru_maxrss)
    table.caption = f"peak memory of the largest process: {peak / (1 if sys.platform == 'darwin' else 1024):,.0f} MB"
    table.caption_justify = "left"
    return table


def _compared(path: Path, change: Change) -> tuple[str, ...]:
    began, worked = time.perf_counter(), _processor_time()
    tally, faults = compare_inputs([str(path)], ComparedRules(change.old, change.new, EXAMPLES), lines=False)
    took, worked = time.perf_counter() - began, _processor_time() - worked
    if faults:
        raise SystemExit(f"{path} is not a valid export: remove it and run this again")
    a_million = took / tally.assets * MILLION
    return (
        f"{tally.assets:,}",
        f"{tally.changed / tally.assets:.0%}",
        f"{took:.1f}",
        f"{worked:.1f}",
        f"{tally.assets / took:,.0f}",
        "-" if change.aim is None else "yes" if a_million <= AIM else f"no, {a_million:.0f} s",
    )


def _processor_time() -> float:
    """Return the processor seconds of this process and of the child processes that it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _reads() -> Table:
    """Estimate the cost of reading every asset from the table: an export does so once, ``--stored`` each time."""
    stored = library.bytes_stored()
    units = MILLION * stored / READ / 2
    table = _table("reading them from DynamoDB", "assets", "bytes each", "read units", "dollars")
    table.add_row(f"{MILLION:,}", f"{stored:,.0f}", f"{units:,.0f}", f"{units * READ_UNIT:.4f}")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE, padding=0)
    for column in columns:
        table.add_column(column, justify="right")
    return table
