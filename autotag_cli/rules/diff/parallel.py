"""The comparison of rules on exports with all processors: each process counts part after part by itself."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import NamedTuple

from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.errors import Invalid
from autotag_cli.export.file_format import Part, assets
from autotag_cli.rules.asset_inputs import inputs_of_scanned
from autotag_cli.rules.diff.count_changes import ComparedRules, count_asset
from autotag_cli.rules.diff.processes import comparing_processes, rules_of_process

_FEW = 4
"""As many parts take less time than it takes to start a process."""


class PartResult(NamedTuple):
    """The counts of one part. ``error``: why it could not be read, or ""."""

    size: int
    changes: TagChangeCounts
    error: str = ""


def compare_parts(parts: Iterable[Part], rules: ComparedRules, processes: int | None = None) -> Iterator[PartResult]:
    """Yield the counts of each part. ``processes``: None is one for each processor.

    Raises ``Failure`` if a process is killed.
    """
    waiting = iter(parts)
    first = list(islice(waiting, _FEW + 1))
    processes = os.process_cpu_count() or 1 if processes is None else processes
    if processes < 2 or len(first) <= _FEW:
        for part in first:
            yield _count(part, rules)
        for part in waiting:
            yield _count(part, rules)
        return
    # nothing here is part of a cycle of references, and the search for them takes an eighth of the time
    with comparing_processes(rules, processes, collects=False) as pool:
        yield from _from_processes(pool, first, waiting, processes)


def _from_processes(
    pool: ProcessPoolExecutor, first: list[Part], rest: Iterator[Part], processes: int
) -> Iterator[PartResult]:
    """Yield the counts, with two parts for each process in flight, so that no process waits for the next part."""
    under_way: list[Future[PartResult]] = [pool.submit(_count_in_process, part) for part in first]
    under_way += [pool.submit(_count_in_process, part) for part in islice(rest, max(0, 2 * processes - len(first)))]
    while under_way:
        yield under_way.pop(0).result()
        under_way += [pool.submit(_count_in_process, part) for part in islice(rest, 1)]


def _count_in_process(part: Part) -> PartResult:
    return _count(part, rules_of_process())


def _count(part: Part, rules: ComparedRules) -> PartResult:
    changes = TagChangeCounts(rules.examples)
    size = part.end - part.start
    try:
        for scanned in assets(part):
            count_asset(changes, inputs_of_scanned(scanned), rules)
    except Invalid as error:
        return PartResult(size, TagChangeCounts(rules.examples), str(error))
    return PartResult(size, changes)
