"""A retag by the real command while processes are killed, pictures are uploaded, and people change tags."""

import random
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from autotag.domain.errors import AutotagError
from local.clients.autotag_command import start_autotag
from local.clients.cloudinary import upload
from local.clients.ops import ops
from local.core.errors import LocalError
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.process_kills import kill_randomly

_WITHIN = 1800.0
_UPLOAD_INTERVAL = 2.0
"""Seconds from one upload to the next."""

_KILLED_FUNCTIONS = ("Worker", "Worker", "Ops", "Poller", "Webhook")
LIVE_PREFIX = "live/"


@dataclass(frozen=True)
class FaultyRetag:
    """A finished run, the numbers of function processes and of commands that were killed, and the live uploads."""

    run: dict[str, Any]
    killed_processes: int
    killed_commands: int
    uploads: list[str]


def retag_under_faults(
    stack: Stack, folder: Path, rng: random.Random, edit_as_people: Callable[[], None]
) -> FaultyRetag:
    """Retag everything, and call ``edit_as_people`` once during the run. Raises ``LocalError`` if it does not end.

    The command is killed too; another one then watches the run.
    """
    earlier = {run["id"] for run in ops(stack).runs()}
    command = start_autotag(stack, "retag", "--yes", "--json", output=subprocess.DEVNULL)
    try:
        run = until(lambda: _new_run(stack, earlier), "the run to be started", within=60)
        uploads: list[str] = []
        killed_commands = 0
        with kill_randomly(folder, rng, every=4.0, functions=_KILLED_FUNCTIONS) as kills:
            for number in count(1):
                if _status(stack, run) not in (None, "running"):
                    break
                if number * _UPLOAD_INTERVAL > _WITHIN:
                    raise LocalError(f"the run did not end within {_WITHIN:.0f} s: {ops(stack).show_run(run)}")
                uploads.append(f"{LIVE_PREFIX}{number:04}/guitarist")
                upload(stack.simulator_url, uploads[-1])
                if number == 2:  # early, since a run over few assets soon ends
                    edit_as_people()
                if number % 10 == 7:
                    killed_commands += command.poll() is None
                    command.kill()
                    command.wait()
                    command = start_autotag(stack, "runs", "watch", run, "--json", output=subprocess.DEVNULL)
                time.sleep(_UPLOAD_INTERVAL)
        return FaultyRetag(ops(stack).show_run(run), kills.count, killed_commands, uploads)
    finally:
        command.kill()
        command.wait()


def _new_run(stack: Stack, earlier: set[str]) -> str | None:
    return next((str(run["id"]) for run in ops(stack).runs() if run["id"] not in earlier), None)


def _status(stack: Stack, run: str) -> str | None:
    """Return the status of a run, or None if the function that reports it was just killed."""
    try:
        return str(ops(stack).show_run(run)["status"])
    except AutotagError:
        return None
