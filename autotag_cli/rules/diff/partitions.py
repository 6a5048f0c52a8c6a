"""The comparison of rules on several files in columns: as many processes as processors, a file for each at a time."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from autotag_cli.errors import Failure
from autotag_cli.rules.diff.columns import compare_columns
from autotag_cli.rules.diff.count_changes import ComparedRules
from autotag_cli.terminal.tag_changes import TagChangeCounts

_SMALL = 16 * 2**20
"""Files of so many bytes together are compared in less time than it takes to start a process."""


def compare_files(
    paths: Sequence[str], rules: ComparedRules, processes: int | None = None
) -> Iterator[tuple[str, TagChangeCounts]]:
    """Yield each file with its counts, in the order of ``paths``. Merged, they are those of one file with all assets.

    So are the examples, the first by name. ``processes``: None is one for each processor, or none if the files are
    small. Raises ``Invalid`` that names a damaged file, ``Failure`` if a process is killed.
    """
    if processes is None:
        processes = 1 if sum(map(os.path.getsize, paths)) < _SMALL else os.process_cpu_count() or 1
    if processes < 2 or len(paths) < 2:
        for path in paths:
            yield path, compare_columns(path, rules)
        return
    # not forked: the parent has threads
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin_process, (rules,)) as pool:
        try:
            yield from zip(paths, pool.map(_compare, paths), strict=True)
        except BrokenProcessPool as error:
            raise Failure("a comparing process was killed: is there too little memory?") from error
        except BaseException:  # an interrupted caller does not wait for files that it will not use
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_process_rules: list[ComparedRules] = []
"""What this process compares: passed once, not with every file."""


def _begin_process(rules: ComparedRules) -> None:
    _process_rules[:] = [rules]


def _compare(path: str) -> TagChangeCounts:
    return compare_columns(path, _process_rules[0])
