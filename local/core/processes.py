"""Processes of a run folder: long-lived ones that outlive this one, and tools that run to their end.

A long-lived process inherits a locked file, ``<name>.lock``. While the lock is held, the process whose id is
in ``<name>.pid`` is alive and is the one started here. So a pid file left by a crash never leads to the process of
another program.
"""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from local.core.errors import LocalError
from local.core.locking import is_held, try_lock
from local.core.waiting import until

_GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""

_children: dict[int, subprocess.Popen[bytes]] = {}
"""The processes that this one has started, by id: it must wait for them once they have ended."""


@dataclass(frozen=True)
class ToolRun:
    """A tool that runs to its end in ``folder``, with just ``environment`` and with its output in ``log``.

    ``description`` is the subject of error messages, ``limit`` the maximum duration in seconds.
    """

    command: Sequence[str | Path]
    description: str
    log: Path
    folder: Path
    environment: Mapping[str, str]
    limit: float


@dataclass(frozen=True)
class Daemon:
    """The long-lived process ``name`` of the run folder ``folder``, running or not."""

    folder: Path
    name: str

    @property
    def log(self) -> Path:
        """The file of its output."""
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int:
        """The id of the process, which leads a process group of its own."""
        return int((self.folder / f"{self.name}.pid").read_text())

    def is_alive(self) -> bool:
        """Return whether it runs."""
        return is_held(self.folder / f"{self.name}.lock")

    def stop(self, grace: float = _GRACE) -> bool:
        """Stop it and its process group, with SIGKILL after ``grace`` seconds; return whether it was running."""
        file = self.folder / f"{self.name}.pid"
        if not file.exists():
            return False
        pid = self.pid
        if was_running := self.is_alive():
            _signal_group(pid, signal.SIGTERM)
            try:
                self._wait_for_end(grace)
            except LocalError:
                _signal_group(pid, signal.SIGKILL)
                self._wait_for_end(_GRACE)
            _signal_group(pid, signal.SIGKILL)  # processes that it left behind in its group
        if child := _children.pop(pid, None):
            child.wait()
        file.unlink()
        return was_running

    def _wait_for_end(self, within: float) -> None:
        until(lambda: not self.is_alive(), f"{self.name} ends", within=within, every=0.02)


def start_daemon(folder: Path, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> Daemon:
    """Start ``command`` in ``folder`` with just ``environment``. Raises ``LocalError`` if it runs already."""
    lock = try_lock(folder / f"{name}.lock")
    if lock is None:
        raise LocalError(f"{name} already runs in {folder}.")
    (folder / f"{name}.pid").unlink(missing_ok=True)  # of an earlier process
    with lock, (folder / f"{name}.log").open("ab") as log:
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            pass_fds=[lock.fileno()], start_new_session=True,
        )  # fmt: skip
    (folder / f"{name}.pid").write_text(f"{child.pid}\n")
    _children[child.pid] = child
    return Daemon(folder, name)


def run_tool(tool: ToolRun, lock: IO[bytes] | None = None) -> None:
    """Run ``tool`` to its end.

    Raises ``LocalError`` with its description and the end of its log if it fails or takes too long. The tool has ended
    in any case; at its limit its process group is stopped. If this process is killed, the tool continues and keeps
    ``lock``.
    """
    with tool.log.open("wb") as output:
        child = subprocess.Popen(
            tool.command, cwd=tool.folder, env=tool.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            pass_fds=[lock.fileno()] if lock else [], start_new_session=True,
        )  # fmt: skip
        try:
            code = child.wait(tool.limit)
        except subprocess.TimeoutExpired as timeout:
            raise LocalError(f"{tool.description} took more than {tool.limit:.0f} s{_end_of(tool.log)}") from timeout
        finally:
            if child.poll() is None:
                _signal_group(child.pid, signal.SIGTERM)
                try:
                    child.wait(_GRACE)
                except subprocess.TimeoutExpired:
                    _signal_group(child.pid, signal.SIGKILL)
                    child.wait()
    if code:
        raise LocalError(f"{tool.description} failed with exit code {code}{_end_of(tool.log)}")


def daemon_error(daemon: Daemon, what: str) -> LocalError:
    """Return the error that says ``what`` about a daemon, with the end of its log."""
    return LocalError(f"{daemon.name} {what}{_end_of(daemon.log)}")


def _end_of(log: Path, lines: int = 15) -> str:
    text = log.read_text("utf-8", "replace").rstrip().splitlines()[-lines:]
    if not text:
        return f"; its log {log} is empty."
    return f"; its log {log} ends:\n" + "\n".join(f"  | {line}" for line in text)


def _signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return  # it has ended already
