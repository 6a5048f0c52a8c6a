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
from local.clients.autotag_command import started
from local.clients.cloudinary import upload
from local.clients.ops import ops
from local.core.errors import LocalError
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.process_kills import killing

_WITHIN = 1800.0
_EVERY = 2.0
"""Seconds from one upload to the next."""

_KILLED = ("Worker", "Worker", "Ops", "Poller", "Webhook")
LIVE = "live/"


@dataclass(frozen=True)
class Disturbed:
    """A finished run: counts of ``killed`` function processes and killed ``commands``, names of ``uploads``."""

    run: dict[str, Any]
    killed: int
    commands: int
    uploads: list[str]


def retag(stack: Stack, folder: Path, chance: random.Random, meanwhile: Callable[[], None]) -> Disturbed:
    """Retag everything, and call ``meanwhile`` once during the run. Raises ``LocalError`` if the run does not end.

    The command is killed too; another one then watches the run.
    """
    known = {run["id"] for run in ops(stack).runs()}
    command = started(stack, "retag", "--yes", "--json", output=subprocess.DEVNULL)
    try:
        run = until(lambda: _new_run(stack, known), "the run to be started", within=60)
        uploads: list[str] = []
        commands = 0
        with killing(folder, chance, every=4.0, functions=_KILLED) as toll:
            for number in count(1):
                if _status(stack, run) not in (None, "running"):
                    break
                if number * _EVERY > _WITHIN:
                    raise LocalError(f"the run did not end within {_WITHIN:.0f} s: {ops(stack).show_run(run)}")
                uploads.append(f"{LIVE}{number:04}/guitarist")
                upload(stack.simulator_url, uploads[-1])
                if number == 2:  # early, since a run over few assets soon ends
                    meanwhile()
                if number % 10 == 7:
                    commands += command.poll() is None
                    command.kill()
                    command.wait()
                    command = started(stack, "runs", "watch", run, "--json", output=subprocess.DEVNULL)
                time.sleep(_EVERY)
        return Disturbed(ops(stack).show_run(run), toll.killed, commands, uploads)
    finally:
        command.kill()
        command.wait()


def _new_run(stack: Stack, known: set[str]) -> str | None:
    return next((str(run["id"]) for run in ops(stack).runs() if run["id"] not in known), None)


def _status(stack: Stack, run: str) -> str | None:
    """Return the status of a run, or None if the function that reports it was just killed."""
    try:
        return str(ops(stack).show_run(run)["status"])
    except AutotagError:
        return None
