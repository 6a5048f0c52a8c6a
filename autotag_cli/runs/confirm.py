"""Asking before something that is large or costs money."""

from typing import TextIO

import typer

from autotag.domain.errors import Invalid
from autotag_cli.terminal.output import note, plain


def confirm(question: str, *, yes: bool, terminal: TextIO) -> None:
    """Return where the answer, or ``yes``, is yes; else nothing is done and the exit code is 1.

    Raises ``Invalid`` where ``terminal`` is none, so that nobody can be asked.
    """
    if yes:
        return
    if not terminal.isatty():
        raise Invalid("--yes", f"expected, as there is no terminal to ask on: {question}")
    from rich.console import Console
    from rich.prompt import Confirm

    console = Console(stderr=True, markup=False, highlight=False)
    if not Confirm.ask(plain(question), console=console, default=False, stream=terminal):
        note("Nothing was started.")
        raise typer.Exit(1)
