"""The measurement of ``bench/bulk.py whatif``, and its output."""

import os
import sys
import time
from pathlib import Path
from platform import python_version
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from autotag.domain.statistics.cost.prices import MILLION, READ_UNIT
from autotag_cli.export.file_format import is_export
from autotag_cli.rules.diff.compare import compare_inputs
from autotag_cli.rules.diff.count_changes import ComparedRules
from bench.library.generated_assets import stored_bytes, write_export
from bench.rule_changes import RuleChange, rule_changes
from bench.tables import measurement_table

EXAMPLES = 3
"""The number of examples that ``rules diff`` names for each tag."""
READ_UNIT_BYTES = 4096
"""Bytes of a read unit. A scan costs half of one, since it is eventually consistent."""
TARGET_SECONDS = 60.0
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
                write_export(path, assets)
        size = path.stat().st_size
        console.print(
            f"Python {python_version()}, {os.process_cpu_count()} processors; an export of {size / 2**20:,.0f} MB",
            highlight=False,
        )
        console.print(_time_rule_changes(path, console))
    console.print(_read_cost())


def _time_rule_changes(path: Path, console: Console) -> Table:
    table = measurement_table(
        "rules diff OLD NEW EXPORT, assets of 50 labels",
        "what changes", "assets", "tags change on", "seconds", "of processors", "assets a second",
        f"a million in {TARGET_SECONDS:.0f} s",
    )  # fmt: skip
    for name, change in rule_changes(1).items():
        with console.status(name):
            table.add_row(name, *_compare(path, change))
    peak = max(getrusage(RUSAGE_SELF).ru_maxrss, getrusage(RUSAGE_CHILDREN).ru_maxrss)
    table.caption = f"peak memory of the largest process: {peak / (1 if sys.platform == 'darwin' else 1024):,.0f} MB"
    table.caption_justify = "left"
    return table


def _compare(path: Path, change: RuleChange) -> tuple[str, ...]:
    started, processor_started = time.perf_counter(), _processor_time()
    tally, errors = compare_inputs([str(path)], ComparedRules(change.old, change.new, EXAMPLES), lines=False)
    seconds, processor_seconds = time.perf_counter() - started, _processor_time() - processor_started
    if errors:
        raise SystemExit(f"{path} is not a valid export: remove it and run this again")
    seconds_per_million = seconds / tally.assets * MILLION
    return (
        f"{tally.assets:,}",
        f"{tally.changed / tally.assets:.0%}",
        f"{seconds:.1f}",
        f"{processor_seconds:.1f}",
        f"{tally.assets / seconds:,.0f}",
        "-"
        if change.target is None
        else "yes"
        if seconds_per_million <= TARGET_SECONDS
        else f"no, {seconds_per_million:.0f} s",
    )


def _processor_time() -> float:
    """Return the processor seconds of this process and of the child processes that it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _read_cost() -> Table:
    """Estimate the cost of reading every asset from the table: an export does so once, ``--stored`` each time."""
    stored = stored_bytes()
    units = MILLION * stored / READ_UNIT_BYTES / 2
    table = measurement_table("reading them from DynamoDB", "assets", "bytes each", "read units", "dollars")
    table.add_row(f"{MILLION:,}", f"{stored:,.0f}", f"{units:,.0f}", f"{units * READ_UNIT:.4f}")
    return table
