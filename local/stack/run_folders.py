"""Run folders of demos and tests. Each run has its own, and stops the processes that killed runs left."""

import os
import secrets
import shutil
import time
from pathlib import Path

from local.core.locking import try_lock
from local.core.paths import RUNS
from local.stack.stack import owner_lock, stop_stack

_KEPT_SECONDS = 24 * 3600.0
"""How long the logs of a run that failed are kept."""


def new_run_folder(kind: str, runs: Path = RUNS) -> Path:
    """Clean up old run folders and return the path of one that does not exist yet, named after ``kind``."""
    clean_up_run_folders(runs)
    return runs / f"{kind}-{os.getpid()}-{secrets.token_hex(3)}"


def clean_up_run_folders(runs: Path = RUNS) -> None:
    """Stop processes of runs that were killed before they could stop them, and delete old logs."""
    for folder in runs.iterdir() if runs.exists() else ():
        if not folder.is_dir():
            continue
        lock = try_lock(owner_lock(folder))
        if lock is None:
            continue  # it is running
        with lock:
            age = time.time() - folder.stat().st_mtime if folder.exists() else 0.0
            stop_stack(folder)
            if age > _KEPT_SECONDS:
                shutil.rmtree(folder)
                owner_lock(folder).unlink()
