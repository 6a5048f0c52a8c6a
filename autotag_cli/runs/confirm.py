"""Confirmation before a step that is large or costs money."""

from typing import TextIO

import typer

from autotag.domain.errors import Invalid
from autotag_cli.terminal.output import note, plain


def confirm(question: str, *, yes: bool, terminal: TextIO) -> None:
    """Ask ``question`` unless ``yes``; return if the answer is yes, else exit with code 1.

    Raises ``Invalid`` if ``terminal`` is not a terminal, so that there is no one to ask.
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
