"""The comparison of rules on exports with all processors: each process counts part after part by itself."""

import gc
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import NamedTuple

from autotag.domain.errors import Invalid
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag_cli.errors import Failure
from autotag_cli.export.file_format import Part, assets
from autotag_cli.rules.asset_inputs import inputs_of_scanned
from autotag_cli.rules.diff.count_changes import count
from autotag_cli.terminal.tag_changes import TagChangeCounts

_FEW = 4
"""As many parts take less time than it takes to start a process."""


class Counted(NamedTuple):
    """The counts of one part. ``fault``: why it could not be read, or ""."""

    size: int
    changes: TagChangeCounts
    fault: str = ""


class Sides(NamedTuple):
    """The two sets of rules, and how many examples to name for each tag."""

    old: Rulebook
    new: Rulebook
    examples: int


def over_parts(parts: Iterable[Part], sides: Sides, processes: int | None = None) -> Iterator[Counted]:
    """Yield the counts of each part. ``processes``: None is one for each processor.

    Raises ``Failure`` if a process is killed.
    """
    waiting = iter(parts)
    first = list(islice(waiting, _FEW + 1))
    processes = os.process_cpu_count() or 1 if processes is None else processes
    if processes < 2 or len(first) <= _FEW:
        for part in first:
            yield _count(part, sides)
        for part in waiting:
            yield _count(part, sides)
        return
    # not forked: the parent may have threads
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (sides,)) as pool:
        try:
            yield from _shared(pool, first, waiting, processes)
        except BrokenProcessPool as error:
            raise Failure("a comparing process was killed: is there too little memory?") from error
        except BaseException:  # an interrupted caller does not wait for parts that it will not use
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _shared(pool: ProcessPoolExecutor, first: list[Part], rest: Iterator[Part], processes: int) -> Iterator[Counted]:
    """Yield the counts, with two parts for each process in flight, so that no process waits for the next part."""
    under_way: list[Future[Counted]] = [pool.submit(_count_here, part) for part in first]
    under_way += [pool.submit(_count_here, part) for part in islice(rest, max(0, 2 * processes - len(first)))]
    while under_way:
        yield under_way.pop(0).result()
        under_way += [pool.submit(_count_here, part) for part in islice(rest, 1)]


_here: list[Sides] = []
"""What this process compares. It is passed once, not with every part, so that caches of names survive."""


def _begin(sides: Sides) -> None:
    _here[:] = [sides]
    gc.disable()  # nothing here is part of a reference cycle, and the search takes an eighth of the time


def _count_here(part: Part) -> Counted:
    return _count(part, _here[0])


def _count(part: Part, sides: Sides) -> Counted:
    changes = TagChangeCounts(sides.examples)
    size = part.end - part.start
    try:
        for scanned in assets(part):
            count(changes, inputs_of_scanned(scanned), sides.old, sides.new)
    except Invalid as error:
        return Counted(size, TagChangeCounts(sides.examples), str(error))
    return Counted(size, changes)
