"""``make library N=2000``: retag, revert and backfill of a library, after which every tag of it is checked.

The retag runs while processes of the functions and the command itself are killed, pictures are uploaded and people
change tags. The backfill finds assets whose notifications were lost, within the hourly limit of Admin calls.
"""

import random
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from local.clients.queues import set_visibility_timeout
from local.clients.simulator_control import seed_assets, tags_of
from local.stack.run_folders import new_run_folder
from local.stack.stack import Progress, Stack, temporary_stack
from local.stress.library_backfill import backfill
from local.stress.library_retag import remove_tag_as_person, removed_tag_came_back, retag_all_labels, retag_and_revert
from local.stress.library_steps import PREFIX, WITHIN, Results, wait_until_settled


@dataclass(frozen=True)
class LibrarySizes:
    """The numbers of assets, of further assets whose notifications are lost, and of Admin calls an hour."""

    assets: int
    lost: int
    admin_limit: int


def library(sizes: LibrarySizes, seed: int, console: Console, progress: Progress) -> bool:
    """Run all steps, and print their results.

    Return True if everything is as expected. Raises ``LocalError`` if a step does not end in time.
    """
    folder = new_run_folder("library")
    results: Results = {}
    with temporary_stack(folder, progress, keep_logs=lambda: not _all_as_expected(results)) as stack:
        try:
            _run_steps(stack, folder, sizes, seed, results, progress)
        finally:  # show the results so far after a failure too
            table = Table("library", "count", "as expected", title=f"a library of {sizes.assets:,}, seed {seed}")
            for name, (count, as_expected) in results.items():
                table.add_row(name, str(count), "yes" if as_expected else "NO")
            console.print(table)
    return _all_as_expected(results)


def _run_steps(
    stack: Stack, folder: Path, sizes: LibrarySizes, seed: int, results: Results, progress: Progress
) -> None:
    """Run all steps, and add their results to ``results``."""
    rng = random.Random(seed)  # noqa: S311 (a repeatable plan, not a secret)
    for queue in ("QueueUrl", "BulkQueueUrl"):
        set_visibility_timeout(stack, 20, queue)  # messages that a killed worker had received return after seconds
    progress(f"letting the service tag {sizes.assets:,} assets")
    seed_assets(stack, PREFIX, sizes.assets, within=WITHIN, tags=["press"])
    wait_until_settled(stack)
    names = sorted(tags_of(stack, PREFIX))
    removed = remove_tag_as_person(stack, names[0])
    results |= retag_and_revert(stack, folder, rng, names, progress)
    results |= retag_all_labels(stack, removed, progress)
    results |= backfill(stack, sizes.lost, sizes.admin_limit, progress)
    results |= removed_tag_came_back(stack, names[0], removed)


def _all_as_expected(results: Results) -> bool:
    return all(as_expected for _, as_expected in results.values())
