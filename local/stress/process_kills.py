"""Kills of the processes of deployed functions, as in the failure of a machine."""

import os
import random
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

_KILLED = ("Worker", "Worker", "Webhook", "Poller")


def function_processes(folder: Path, function: str) -> list[int]:
    """Return the process ids of a function (``Worker``, ``Webhook``…) of the stack that runs in ``folder``."""
    wanted = f"{folder / 'tmp'}/"
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue  # it ended meanwhile
            if wanted in command and f"-{function}Function-" in command:
                found.append(int(entry.name))
    return found


def kill(pid: int) -> int:
    """SIGKILL a process; return how many were killed: 1, or 0 if it had ended."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


class Toll:
    """The number of processes killed."""

    killed = 0


@contextmanager
def killing(folder: Path, chance: random.Random, every: float, functions: Sequence[str] = _KILLED) -> Iterator[Toll]:
    """Kill a random process of one of ``functions`` about every ``every`` seconds while the block runs."""
    toll, over = Toll(), Event()

    def strike() -> None:
        while not over.wait(chance.uniform(0.5, 1.5) * every):
            function = chance.choice(functions)
            if pids := function_processes(folder, function):
                toll.killed += kill(chance.choice(pids))

    thread = Thread(target=strike, daemon=True)
    thread.start()
    try:
        yield toll
    finally:
        over.set()
        thread.join()
