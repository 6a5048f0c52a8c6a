"""Processes that compare two sets of rules, each with caches of its own."""

import gc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from autotag_cli.errors import Failure
from autotag_cli.rules.diff.count_changes import ComparedRules

_process_rules: list[ComparedRules] = []
"""What this process compares. It is passed once, not with every part, so that caches of names survive."""


@contextmanager
def comparing_processes(
    rules: ComparedRules, processes: int, *, collects: bool = True
) -> Iterator[ProcessPoolExecutor]:
    """Start processes that compare ``rules``, for the block; an interrupted block does not wait for what is left.

    ``collects``: whether they search for cycles of references. Raises ``Failure`` if one of them is killed.
    """
    # not forked: the parent may have threads
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin_process, (rules, collects)) as pool:
        try:
            yield pool
        except BrokenProcessPool as error:
            raise Failure("a comparing process was killed: is there too little memory?") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def rules_of_process() -> ComparedRules:
    """Return the rules that this process compares."""
    return _process_rules[0]


def _begin_process(rules: ComparedRules, collects: bool) -> None:
    _process_rules[:] = [rules]
    if not collects:
        gc.disable()
