"""A search of an export in columns: how long the first page of each kind of query takes, and how much memory it needs.

    .venv/bin/python -m bench.library.search_export FILE

FILE is an export, such as the one that ``python -m bench.whatif --keep FOLDER`` leaves. Every query is asked three
times; the table has the fastest and the slowest answer, and the processor time of the fastest. Where the rules are
asked, a page ends after 0.4 s.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import NamedTuple

import numpy as np
from rich.console import Console

from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.search.parse import parse_query
from autotag_library.search.index import SearchIndex, open_index
from autotag_library.search.search import FoundPage, search
from bench.rule_changes import rule_changes
from bench.tables import measurement_table
from bench.workload import PROVIDER

_TIMES = 3
_CELLS = 40
_PATIENCE = 0.4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="an export in columns")
    report(parser.parse_args().file, Console(width=112))


def report(file: Path, console: Console) -> None:
    """Measure the search of ``file``."""
    ruleset = next(iter(rule_changes(1).values())).old
    began = time.perf_counter()
    index = open_index(file, [PROVIDER])
    load, *_ = os.getloadavg()
    console.print(f"{index.library.size:,} assets read in {time.perf_counter() - began:.1f} s; load average {load:.1f}")
    table = measurement_table(
        "the first page of 40 pictures", "query", "matches", "looked at", "fastest, s", "slowest, s", "of processor"
    )
    for text in queries(index):
        times, page = _asked(index, text, ruleset)
        matches = f"{len(page.found)} here" if page.total is None else f"{page.total:,}"
        looked_at = f"{page.looked_at:,} of {page.possible:,}" if page.total is None else "all"
        table.add_row(
            text, matches, looked_at, f"{min(times).wall:.2f}", f"{max(times).wall:.2f}", f"{min(times).processor:.2f}"
        )
    console.print(table)
    console.print(f"peak memory {getrusage(RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB")


def queries(index: SearchIndex) -> list[str]:
    """Return queries of each kind, about the most frequent and the rarest label."""
    names = index.library.names
    counts = np.bincount(index.library.labels.values, minlength=len(names))
    common, rare = names[int(counts.argmax())], names[int(counts.argmin())]
    return [
        f'label:"{common}">0.5<0.7', f'label:"{rare}">0.9', f'tag:"{common}"', f'tag:"{rare}"', "777",
        "folder:folder1/**", "person:removed", f'label:"{rare}" -tag:"{rare}"', "outcome:review",
        "outcome:kept", f'label:"{common}">0.5 outcome:over_max folder:folder1/**',
    ]  # fmt: skip


class _Time(NamedTuple):
    wall: float
    processor: float


def _asked(index: SearchIndex, text: str, ruleset: Ruleset) -> tuple[list[_Time], FoundPage]:
    times = []
    for _ in range(_TIMES):
        began, processor = time.perf_counter(), time.process_time()
        page = search(index, parse_query(text), ruleset, -1, _CELLS, _patient(began + _PATIENCE))
        times.append(_Time(time.perf_counter() - began, time.process_time() - processor))
    return times, page


def _patient(end: float) -> Callable[[], bool]:
    return lambda: time.perf_counter() < end


if __name__ == "__main__":
    main()
