"""The standard streams, also if they are closed, or lead to a full disk or to a pipe without a reader."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from autotag_cli.terminal.output import print_error

if TYPE_CHECKING:
    from rich.console import Console


PIPE_CLOSED = 128 + signal.SIGPIPE
"""The exit code where a reader closed the pipe, as of ``head -1``: that of a program that SIGPIPE ends."""


def reopen_closed() -> None:
    """Open closed streams on the null device: else the next opened file gets a stream's number, and its output."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # in the order of their numbers
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 (for the life of the process)


def output_error(error: OSError) -> str:
    """Return a sentence about a system error; an error without a file name comes from the output."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else f"the output cannot be written ({reason})"


def exit_on_output_error(error: OSError) -> NoReturn:
    """Exit with a sentence and code 1, and do not try again to write the output that failed.

    If it failed because a pipe has no reader any more, exit in silence, as programs do that the signal ends.
    """
    is_closed = isinstance(error, BrokenPipeError)
    if not is_closed:
        with contextlib.suppress(OSError):
            print_error(output_error(error))
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
    raise SystemExit(PIPE_CLOSED if is_closed else 1) from error


@contextlib.contextmanager
def exit_on_signal(console: "Console") -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block like an exception; restore the terminal's cursor whatever ends it."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    handled: list[signal.Signals] = []
    if threading.current_thread() is threading.main_thread():  # only it may set handlers
        handled = [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is signal.SIG_DFL]
    for number in handled:
        signal.signal(number, end)
    try:
        yield
    finally:
        console.show_cursor(True)  # a display that is interrupted at its start does not restore it
        for number in handled:
            signal.signal(number, signal.SIG_DFL)
