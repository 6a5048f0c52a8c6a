"""The comparison of rules on exports with all processors: each process counts part after part by itself."""

import gc
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import NamedTuple

from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.errors import Invalid
from autotag_cli.errors import Failure
from autotag_cli.export.file_format import Part, assets
from autotag_cli.rules.asset_inputs import inputs_of_scanned
from autotag_cli.rules.diff.count_changes import ComparedRules, count_asset

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
    # not forked: the parent may have threads
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin_process, (rules,)) as pool:
        try:
            yield from _from_processes(pool, first, waiting, processes)
        except BrokenProcessPool as error:
            raise Failure("a comparing process was killed: is there too little memory?") from error
        except BaseException:  # an interrupted caller does not wait for parts that it will not use
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _from_processes(
    pool: ProcessPoolExecutor, first: list[Part], rest: Iterator[Part], processes: int
) -> Iterator[PartResult]:
    """Yield the counts, with two parts for each process in flight, so that no process waits for the next part."""
    under_way: list[Future[PartResult]] = [pool.submit(_count_in_process, part) for part in first]
    under_way += [pool.submit(_count_in_process, part) for part in islice(rest, max(0, 2 * processes - len(first)))]
    while under_way:
        yield under_way.pop(0).result()
        under_way += [pool.submit(_count_in_process, part) for part in islice(rest, 1)]


_process_rules: list[ComparedRules] = []
"""What this process compares. It is passed once, not with every part, so that caches of names survive."""


def _begin_process(rules: ComparedRules) -> None:
    _process_rules[:] = [rules]
    gc.disable()  # nothing here is part of a reference cycle, and the search takes an eighth of the time


def _count_in_process(part: Part) -> PartResult:
    return _count(part, _process_rules[0])


def _count(part: Part, rules: ComparedRules) -> PartResult:
    changes = TagChangeCounts(rules.examples)
    size = part.end - part.start
    try:
        for scanned in assets(part):
            count_asset(changes, inputs_of_scanned(scanned), rules)
    except Invalid as error:
        return PartResult(size, TagChangeCounts(rules.examples), str(error))
    return PartResult(size, changes)
