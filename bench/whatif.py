"""What other rules would change in a library, answered from a columnar export: time, memory, and whether it is right.

    .venv/bin/python -m bench.whatif [--assets 1000000] [--keep FOLDER] [--check 100000]

The library is that of ``bench/bulk.py whatif``: fifty labels an asset of 6,000 names, rules with 500 labels and ten
folders. Every change is answered three times; the table has the fastest and the slowest answer, and the processor time
of the fastest, and how long the fastest takes with the questions to people, as the console asks. The export is read
into arrays twice: from the file, then as they were kept beside it. The first ``--check`` assets are compared with the
engine of the service, asset by asset.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from platform import python_version
from resource import RUSAGE_SELF, getrusage
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.console import Console

from autotag_library.arrays import Library
from autotag_library.columns.kept_arrays import SUFFIX
from autotag_library.columns.load import load
from autotag_library.columns.rows import assets_of
from autotag_library.columns.write import write_columns
from autotag_library.whatif.compare import Comparison, compare
from autotag_library.whatif.counts import count
from autotag_library.whatif.full import changes_of_asset, full_engine
from bench.library.generated_assets import write_export
from bench.rule_changes import RuleChange, rule_changes
from bench.tables import measurement_table
from bench.workload import PROVIDER

MILLION = 1_000_000
AT_MOST = {"one label's threshold": 1.0, "every threshold": 5.0}
"""Seconds that an answer for a million assets may take; all else may take ``ALL``."""
ALL = 20.0
EXAMPLES = 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=int, default=MILLION, help="number of assets (1,000,000)")
    parser.add_argument("--keep", type=Path, help="folder to keep the export in; it is reused if it exists")
    parser.add_argument("--check", type=int, default=0, help="compare so many assets with the engine (none)")
    options = parser.parse_args()
    if options.assets < 1 or options.check < 0:
        parser.error("expected at least one asset")
    console = Console(width=128 if not sys.stdout.isatty() else None)
    with TemporaryDirectory() as temporary:
        report(options.keep or Path(temporary), options.assets, options.check, console)


def report(folder: Path, assets: int, check: int, console: Console) -> None:
    """Measure a library of ``assets``, which is kept in ``folder``."""
    lines, file = folder / f"library-{assets}.jsonl", folder / f"library-{assets}.parquet"
    if not file.exists():
        if not lines.exists():
            write_export(lines, assets)
        with _timed() as written:
            write_columns(lines, file, "bench", "2026-11-24T08:00:00Z")
        console.print(f"written in {written.seconds:.1f} s: {file.stat().st_size / 1e6:,.0f} MB of {assets:,} assets")
    rmtree(file.with_name(f".{file.name}{SUFFIX}"), ignore_errors=True)
    with _timed() as loading:
        load(file, [PROVIDER])
    with _timed() as opening:
        library = load(file, [PROVIDER])
    one, five, _ = os.getloadavg()
    console.print(
        f"Python {python_version()}, {os.process_cpu_count()} processors, load average {one:.1f} and {five:.1f}; "
        f"loaded in {loading.seconds:.1f} s ({loading.processor:.1f} s of processor), then in {opening.seconds:.2f} s"
    )
    table = measurement_table(
        "other rules on a columnar export, assets of 50 labels",
        "what changes", "tags change on", "fastest, s", "slowest, s", "of processor", "at most", "with questions, s",
        "apart",
    )  # fmt: skip
    for name, change in rule_changes(1).items():
        times, found = _answer(library, file, change)
        limit = AT_MOST.get(name, ALL) * max(1.0, assets / MILLION)
        table.add_row(
            name,
            f"{found.changes.changed / found.assets:.0%}",
            f"{min(times).seconds:.2f}",
            f"{max(times).seconds:.2f}",
            f"{min(times).processor:.1f}",
            f"{limit:g}",
            f"{min(_answer(library, file, change, questions=True)[0]).seconds:.2f}",
            f"{found.apart / found.assets:.1%}",
        )
        if check:
            _compare_with_engine(found, file, change, min(check, assets))
    peak = getrusage(RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    table.caption = f"peak memory: {peak:,.0f} MB"
    table.caption_justify = "left"
    console.print(table)
    if check:
        console.print(f"equal to the engine of the service on {min(check, assets):,} assets, asset by asset")


class _Time(NamedTuple):
    seconds: float
    processor: float


class _Timer:
    seconds = processor = 0.0


@contextmanager
def _timed() -> Iterator[_Timer]:
    timer, started, processor = _Timer(), time.perf_counter(), time.process_time()
    yield timer
    timer.seconds, timer.processor = time.perf_counter() - started, time.process_time() - processor


def _answer(
    library: Library, file: Path, change: RuleChange, *, questions: bool = False
) -> tuple[list[_Time], Comparison]:
    times = []
    for _ in range(3):
        with _timed() as timer:
            engine = full_engine(file, change.old, change.new, questions=questions)
            found = compare(library, change.old, change.new, engine, questions=questions)
            count(found, EXAMPLES)
        times.append(_Time(timer.seconds, timer.processor))
    return times, found


def _compare_with_engine(found: Comparison, file: Path, change: RuleChange, assets: int) -> None:
    gained: dict[int, set[str]] = {}
    lost: dict[int, set[str]] = {}
    for side, tags in ((gained, found.changes.gained), (lost, found.changes.lost)):
        for asset, tag in zip(tags.asset.tolist(), tags.tag.tolist(), strict=True):
            if asset < assets:
                side.setdefault(asset, set()).add(found.tags[tag])
    for row, asset in assets_of(file, range(assets)):
        wanted = changes_of_asset(asset, change.old, change.new)
        if wanted is None or gained.get(row, set()) != wanted.gained or lost.get(row, set()) != wanted.lost:
            raise SystemExit(f"{asset.asset.public_id}: columns say other tags than the engine")


if __name__ == "__main__":
    main()
