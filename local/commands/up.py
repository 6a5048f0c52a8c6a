"""``make up`` and ``make down``: one stack that keeps running."""

import shutil
from contextlib import ExitStack

from local.commands.sample import upload_samples
from local.core.locking import locked
from local.core.paths import LOCAL, PROJECT, UP
from local.core.processes import Daemon
from local.stack.services import NAMES
from local.stack.stack import Progress, Stack, create_stack, stop_stack


def start_if_needed(progress: Progress) -> Stack:
    """Return the running stack, after starting it if necessary; two calls at once start one. Raises ``LocalError``."""
    with locked(LOCAL / "up.lock"):
        if stack := running_stack():
            progress(f"The local stack is up already ({UP.relative_to(PROJECT)}).")
            return stack
        stop_stack(UP)  # parts of a stack, after a crash
        shutil.rmtree(UP, ignore_errors=True)
        UP.mkdir(parents=True)
        with ExitStack() as on_failure:
            on_failure.callback(stop_stack, UP)
            stack = create_stack(UP, progress)
            progress("uploading two sample assets")
            upload_samples(stack)
            on_failure.pop_all()  # leave it running
        return stack


def stop() -> bool:
    """Stop the running stack and delete its folder; return whether there was one."""
    with locked(LOCAL / "up.lock"):
        stopped = stop_stack(UP)
        shutil.rmtree(UP, ignore_errors=True)
        return stopped


def running_stack() -> Stack | None:
    """Return the stack of ``make up`` if all its processes run."""
    stack = Stack.load(UP)
    return stack if stack and all(Daemon(UP, name).is_alive() for name in NAMES) else None
