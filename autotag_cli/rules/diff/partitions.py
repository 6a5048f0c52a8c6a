"""The comparison of rules on several files in columns: as many processes as processors, a file for each at a time."""

import os
from collections.abc import Iterator, Sequence

from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag_cli.rules.diff.columns import compare_columns
from autotag_cli.rules.diff.count_changes import ComparedRules
from autotag_cli.rules.diff.processes import comparing_processes, rules_of_process

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
    with comparing_processes(rules, processes) as pool:
        yield from zip(paths, pool.map(_compare, paths), strict=True)


def _compare(path: str) -> TagChangeCounts:
    return compare_columns(path, rules_of_process())
