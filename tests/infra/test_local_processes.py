"""The local runner's processes: it finds and ends those that it started, and never others."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.core.errors import LocalError
from local.core.locking import is_held, locked, try_lock
from local.core.processes import Daemon, ToolRun, run_tool, start_daemon
from local.core.waiting import until
from local.stress.process_kills import kill

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def environment() -> dict[str, str]:
    return {"PATH": os.defpath}


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Daemon]:
    daemon = start_daemon(tmp_path, "sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], environment())
    yield daemon
    daemon.stop()


def test_a_started_process_is_found_by_its_folder_and_ended(sleeper: Daemon) -> None:
    found = Daemon(sleeper.folder, "sleeper")  # as another command finds it
    assert found.is_alive()
    assert found.pid == sleeper.pid

    assert found.stop() is True

    assert not found.is_alive()
    assert found.stop() is False


def test_a_stale_pid_file_leads_to_no_process_of_anybody_else(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        (tmp_path / "sleeper.pid").write_text(f"{stranger.pid}\n")
        (tmp_path / "sleeper.lock").touch()

        left_behind = Daemon(tmp_path, "sleeper")

        assert not left_behind.is_alive()
        assert left_behind.stop() is False
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_same_process_does_not_start_twice_in_a_folder(sleeper: Daemon) -> None:
    with pytest.raises(LocalError, match="sleeper already runs"):
        start_daemon(sleeper.folder, "sleeper", [sys.executable, "-c", "pass"], environment())


@pytest.mark.parametrize("script", [STUBBORN, WITH_CHILD], ids=["ignores SIGTERM", "leaves a child"])
def test_stopping_ends_the_whole_group(tmp_path: Path, script: str) -> None:
    daemon = start_daemon(tmp_path, "it", [sys.executable, "-c", script], environment())
    printed = until(lambda: daemon.log.read_text().strip(), "it has started", within=30)

    daemon.stop(grace=0.5)

    assert not daemon.is_alive()
    if printed.isdecimal():
        until(lambda: _gone(int(printed)), "its child is gone", within=30)


def _gone(pid: int) -> bool:
    """Whether no process has the id, or only a zombie process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_failing_tool_is_one_sentence_and_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "tool.log"
    command = [sys.executable, "-c", "print('first'); raise SystemExit('it broke')"]

    with pytest.raises(LocalError) as caught:
        run_tool(ToolRun(command, "the tool", log, tmp_path, environment(), limit=20))

    assert str(caught.value).startswith(f"the tool failed with exit code 1; its log {log} ends:\n")
    assert "  | it broke" in str(caught.value)


def test_a_tool_that_takes_too_long_is_ended_with_what_it_started(tmp_path: Path) -> None:
    log = tmp_path / "tool.log"

    with pytest.raises(LocalError, match="the tool took more than 1 s"):
        run_tool(ToolRun([sys.executable, "-c", WITH_CHILD], "the tool", log, tmp_path, environment(), limit=1))

    until(lambda: _gone(int(log.read_text())), "its child is gone", within=30)


def test_an_interrupt_ends_the_tool_too(tmp_path: Path) -> None:
    # Ctrl-C reaches this process alone, since the tool has a session of its own
    script = (
        "import signal, sys; from pathlib import Path; from local.core.processes import ToolRun, run_tool\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored below a shell's background job
        "run_tool(ToolRun([sys.executable, '-c', sys.argv[2]], description='it', log=Path(sys.argv[1]) / 'log',"
        " folder=Path(sys.argv[1]), environment={}, limit=60))"
    )
    runner = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), WITH_CHILD], stderr=subprocess.DEVNULL)
    log = tmp_path / "log"
    child = until(lambda: log.read_text().strip() if log.exists() else None, "the tool starts", within=30)

    runner.send_signal(signal.SIGINT)

    assert runner.wait(10) != 0
    until(lambda: _gone(int(child)), "the tool is gone", within=30)


def test_a_lock_stays_with_the_tool_if_its_runner_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from local.core.locking import locked; from local.core.processes import ToolRun, run_tool\n"
        "folder = Path(sys.argv[1])\n"
        "with locked(folder / 'lock') as lock:\n"
        "    command = [sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True); time.sleep(60)']\n"
        "    run_tool(ToolRun(command, 'it', folder / 'log', folder, environment={}, limit=60), lock)"
    )
    runner = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    log = tmp_path / "log"
    tool = int(until(lambda: log.read_text().strip() if log.exists() else None, "the tool starts", within=30))

    runner.kill()
    runner.wait()

    assert is_held(tmp_path / "lock")
    os.kill(tool, signal.SIGKILL)
    until(lambda: not is_held(tmp_path / "lock"), "the lock is free", within=30)


def test_a_killed_process_has_ended_when_its_kill_is_counted() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert kill(child.pid) == 1
    assert child.poll() == -signal.SIGKILL
    assert kill(child.pid) == 0


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_held(path)
    with locked(path):
        assert is_held(path)
        assert try_lock(path) is None
    assert not is_held(path)


def test_waiting_ends_at_its_deadline_and_says_for_what() -> None:
    with pytest.raises(LocalError, match="the moon rises: not within 0 s"):
        until(lambda: None, "the moon rises", within=0)
