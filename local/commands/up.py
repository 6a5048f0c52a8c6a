"""``make up`` and ``make down``: one stack that keeps running."""

import shutil
from contextlib import ExitStack

from local.commands.sample import upload_samples
from local.core.locking import locked
from local.core.paths import LOCAL, PROJECT, UP
from local.core.processes import Daemon
from local.stack import stack as stacks
from local.stack.services import NAMES
from local.stack.stack import Say, Stack


def up(say: Say) -> Stack:
    """Return the running stack, after starting it if necessary; two calls at once start one. Raises ``LocalError``."""
    with locked(LOCAL / "up.lock"):
        if stack := current():
            say(f"The local stack is up already ({UP.relative_to(PROJECT)}).")
            return stack
        stacks.stop(UP)  # parts of a stack, after a crash
        shutil.rmtree(UP, ignore_errors=True)
        UP.mkdir(parents=True)
        with ExitStack() as undo:
            undo.callback(stacks.stop, UP)
            stack = stacks.create(UP, say)
            say("uploading two sample assets")
            upload_samples(stack)
            undo.pop_all()  # it worked: leave it running
        return stack


def down() -> bool:
    """Stop the running stack and delete its folder; return whether there was one."""
    with locked(LOCAL / "up.lock"):
        stopped = stacks.stop(UP)
        shutil.rmtree(UP, ignore_errors=True)
        return stopped


def current() -> Stack | None:
    """Return the stack of ``make up`` if all its processes run."""
    stack = Stack.load(UP)
    return stack if stack and all(Daemon(UP, name).alive() for name in NAMES) else None
