"""A progress bar for long work, on stderr if that is a terminal; it is removed at the end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from autotag_cli.terminal.output import note, plain, print_error
from autotag_cli.terminal.streams import exit_on_signal
from autotag_cli.terminal.waiting import PATIENCE, StallWatch

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class ProgressBar(Protocol):
    """The progress of long work."""

    def advance(self, done: int, counted: int) -> None:
        """Report how much of the total was done since the last call, and how many things were counted."""
        ...

    def print_error(self, sentence: str) -> None:
        """Print an error on stderr, above the bar."""
        ...


@contextmanager
def progress_bar(
    doing: str,
    total: int | None,
    things: str,
    *,
    visible: bool = True,
    waits_for: str = "the stack's answer",
    patience: float = PATIENCE,
) -> Iterator[ProgressBar]:
    """Show the progress while the block runs. ``total``: bytes or steps, None if not known.

    ``things``: what is counted, such as ``assets``. There is no bar if not ``visible``, or if stderr is no terminal.
    After ``patience`` seconds without progress, a line on stderr says that the work ``waits_for`` something.
    """

    def stalled(counted: int) -> str:
        so_far = f"{counted:,} {things} so far"
        return f"{doing}: no progress for {patience:g} seconds, waiting for {waits_for}; {so_far}."

    if not (visible and sys.stderr.isatty()):
        watch = StallWatch(stalled, note, patience)
        try:
            yield _NoBar(watch)
        finally:
            watch.end()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, markup=False, highlight=False)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        *((TaskProgressColumn(),) if total is not None else ()),
        TextColumn(f"{{task.fields[counted]:,}} {things}"),
        *((TimeRemainingColumn(),) if total is not None else ()),
    )
    with exit_on_signal(console), Progress(*columns, console=console, transient=True) as progress:
        watch = StallWatch(stalled, lambda text: console.print(plain(text, "dim"), soft_wrap=True), patience)
        try:
            yield _VisibleBar(progress, progress.add_task(doing, total=total, counted=0), watch)
        finally:
            watch.end()


class _VisibleBar:
    def __init__(self, progress: "Progress", task: "TaskID", watch: StallWatch) -> None:
        self._progress, self._task, self._watch = progress, task, watch
        self._counted = 0

    def advance(self, done: int, counted: int) -> None:
        self._counted += counted
        self._watch.advance(counted)
        self._progress.update(self._task, advance=done, counted=self._counted)

    def print_error(self, sentence: str) -> None:
        self._progress.console.print(plain(f"autotag: {sentence}", "red"), soft_wrap=True)


class _NoBar:
    def __init__(self, watch: StallWatch) -> None:
        self._watch = watch

    def advance(self, done: int, counted: int) -> None:
        self._watch.advance(counted)

    def print_error(self, sentence: str) -> None:
        print_error(sentence)
