"""The progress of a run, on stderr: a bar on a terminal, only sentences elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from autotag_cli.runs.run_view import RunView, sought_assets
from autotag_cli.terminal.output import note, plain
from autotag_cli.terminal.streams import exit_on_signal

if TYPE_CHECKING:
    from rich.progress import Progress, Task, TaskID
    from rich.text import Text


class Display(Protocol):
    """A display of a run."""

    def update(self, run: RunView) -> None:
        """Show the run's present progress."""
        ...

    def print_note(self, sentence: str) -> None:
        """Show a sentence besides the progress."""
        ...


@contextmanager
def run_display() -> Iterator[Display]:
    """Show a run while the block runs, and remove the display afterwards."""
    if not sys.stderr.isatty():
        yield _NoBar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

    class Rate(ProgressColumn):
        """Assets a second."""

        def render(self, task: "Task") -> "Text":
            return plain(f"{task.speed:,.1f}/s" if task.speed else "", "dim")

    console = Console(stderr=True, markup=False, highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[counts]}", markup=False),
        Rate(),
        TimeRemainingColumn(),
    )
    with exit_on_signal(console), Progress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress, progress.add_task("", total=None, counts=""))


def progress_text(run: RunView) -> str:
    """Return the counts of a run in a few words."""
    counts = run.counts
    failed = f", {counts.failed:,} failed" if counts.failed else ""
    if run.action == "backfill":
        units = f", {counts.units:,} units{' to use' if run.dry_run else ''}" if run.listing.get("categorize") else ""
        done = "" if run.dry_run else f", {counts.done:,} done"
        planned = f"{counts.planned:,} {sought_assets(run)}"
        return f"{counts.seen:,} seen, {planned}{done}{failed}, {counts.reads:,} reads{units}"
    more = "" if run.planned_all else f", {counts.seen:,} looked at"
    return f"{counts.done:,} of {counts.planned:,} changed{failed}{more}"


class _Bar:
    def __init__(self, progress: "Progress", task: "TaskID") -> None:
        self._progress, self._task = progress, task

    def update(self, run: RunView) -> None:
        counts = run.counts
        if run.action == "backfill":
            completed, total = counts.seen, None
        else:
            completed, total = counts.done + counts.failed, counts.planned if run.planned_all else None
        self._progress.update(
            self._task, description=run.name, completed=completed, total=total, counts=progress_text(run), refresh=True
        )

    def print_note(self, sentence: str) -> None:
        self._progress.console.print(plain(sentence, "dim"), soft_wrap=True)


class _NoBar:
    def update(self, run: RunView) -> None:
        pass

    def print_note(self, sentence: str) -> None:
        note(sentence)
