"""The streams of the process, whatever they lead to: nothing, a full disk, a pipe that is read no more."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from autotag_cli.terminal.output import complain

if TYPE_CHECKING:
    from rich.console import Console


def reopen_closed() -> None:
    """Let closed streams lead nowhere: else the next file that is opened takes a stream's number, and its output."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # in the order of their numbers
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 (for the life of the process)


def sentence_on(error: OSError) -> str:
    """Return a sentence on what the system did not do; an error without a file's name comes from the output."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else f"the output cannot be written ({reason})"


def give_up(error: OSError) -> NoReturn:
    """End with a sentence and exit code 1, without a second try to write what could not be written."""
    with contextlib.suppress(OSError):
        complain(sentence_on(error))
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
    raise SystemExit(1) from error


@contextlib.contextmanager
def unwinding(console: "Console") -> Iterator[None]:
    """Let a termination end the block like any exception; the terminal's cursor comes back whatever ends it."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    mine: list[signal.Signals] = []
    if threading.current_thread() is threading.main_thread():  # signals go there
        mine = [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is signal.SIG_DFL]
    for number in mine:
        signal.signal(number, end)
    try:
        yield
    finally:
        console.show_cursor(True)  # what is interrupted while it begins does not bring it back itself
        for number in mine:
            signal.signal(number, signal.SIG_DFL)
