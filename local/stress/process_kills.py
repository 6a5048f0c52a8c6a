"""Kills of the processes of deployed functions, as in the failure of a machine."""

import os
import random
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from select import select
from threading import Event, Thread

from local.core.errors import LocalError

_FUNCTIONS = ("Worker", "Worker", "Webhook", "Poller")
_ENDS_WITHIN = 30.0  # seconds


def function_processes(folder: Path, function: str) -> list[int]:
    """Return the process ids of a function (``Worker``, ``Webhook``…) of the stack that runs in ``folder``."""
    code_folder = f"{folder / 'tmp'}/"
    pids = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue  # it ended meanwhile
            if code_folder in command and f"-{function}Function-" in command:
                pids.append(int(entry.name))
    return pids


def kill(pid: int) -> int:
    """SIGKILL a process and wait until it has ended; return how many were killed: 1, or 0 if it had ended.

    An emulator that hands an event to a process that is about to end loses it until the queue shows it again.
    """
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return 0
    try:
        if select([process], [], [], 0)[0]:
            return 0
        signal.pidfd_send_signal(process, signal.SIGKILL)
        ended, _, _ = select([process], [], [], _ENDS_WITHIN)
    except ProcessLookupError:
        return 0
    finally:
        os.close(process)
    if not ended:
        raise LocalError(f"Process {pid} has not ended within {_ENDS_WITHIN:.0f} s of a SIGKILL.")
    return 1


class KillCount:
    """The number of processes killed so far."""

    count = 0


@contextmanager
def kill_randomly(
    folder: Path, rng: random.Random, every: float, functions: Sequence[str] = _FUNCTIONS
) -> Iterator[KillCount]:
    """Kill a random process of one of ``functions`` about every ``every`` seconds while the block runs."""
    kills, ended = KillCount(), Event()

    def kill_until_ended() -> None:
        while not ended.wait(rng.uniform(0.5, 1.5) * every):
            function = rng.choice(functions)
            if pids := function_processes(folder, function):
                kills.count += kill(rng.choice(pids))

    thread = Thread(target=kill_until_ended, daemon=True)
    thread.start()
    try:
        yield kills
    finally:
        ended.set()
        thread.join()
