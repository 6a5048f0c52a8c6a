"""Parallel runs: each has its own folder, and the next run cleans up after a killed one."""

import os
import sys
import time
from pathlib import Path

from local.core.locking import locked
from local.core.processes import Daemon, start_daemon
from local.stack.run_folders import clean_up_run_folders, new_run_folder
from local.stack.services import EMULATOR
from local.stack.stack import owner_lock

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def start_run(runs: Path) -> Daemon:
    """Start a process in place of the emulator in a new run folder."""
    folder = new_run_folder("test", runs)
    folder.mkdir(parents=True)
    return start_daemon(folder, EMULATOR, SLEEP, {"PATH": os.defpath})


def test_every_run_has_a_folder_of_its_own(tmp_path: Path) -> None:
    assert new_run_folder("test", tmp_path) != new_run_folder("test", tmp_path)


def test_what_a_killed_run_left_is_ended_and_its_logs_stay_for_a_day(tmp_path: Path) -> None:
    daemon = start_run(tmp_path)  # no process holds the lock of the run, as after a kill

    clean_up_run_folders(tmp_path)

    assert not daemon.is_alive()
    assert daemon.log.exists()
    yesterday = time.time() - 25 * 3600
    os.utime(daemon.folder, (yesterday, yesterday))
    clean_up_run_folders(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_goes_on_is_left_alone(tmp_path: Path) -> None:
    daemon = start_run(tmp_path)
    try:
        with locked(owner_lock(daemon.folder)):
            clean_up_run_folders(tmp_path)
            assert daemon.is_alive()
    finally:
        daemon.stop()
