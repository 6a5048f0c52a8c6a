"""The parts that all steps of ``make library`` share: their results, the command, and waiting until nothing is open."""

from local.clients.autotag_command import run_autotag
from local.clients.tables import is_settled
from local.core.errors import LocalError
from local.core.waiting import until
from local.stack.stack import Stack

WITHIN = 1800.0
"""Seconds that a step may take."""
PREFIX = "library/"
"""The public_ids of the library begin with it."""

Results = dict[str, tuple[object, bool]]
"""Each result by its name, and whether it is as expected."""


def autotag_output(stack: Stack, *arguments: str) -> str:
    """Return what an ``autotag`` command prints. Raises ``LocalError`` if it fails."""
    completed = run_autotag(stack, *arguments, within=WITHIN)
    if completed.returncode:
        raise LocalError(f"autotag {' '.join(arguments)} ended with {completed.returncode}: {completed.stderr.strip()}")
    return completed.stdout


def wait_until_settled(stack: Stack) -> None:
    """Wait until no message waits and no asset has unfinished work."""
    until(lambda: is_settled(stack), "everything to come to rest", within=WITHIN, every=2.0)
