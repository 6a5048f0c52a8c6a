"""Output of commands. Tags and labels come from outside, so their control characters never reach a terminal."""

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_PIPED_WIDTH = 200
"""Columns of a table without a terminal: enough to keep reasons on one line."""


def printable(text: str) -> str:
    """Return ``text`` with control, format and other invisible characters escaped, such as ``\\x1b`` or ``\\u202e``."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return ``value`` as JSON in which everything that is not printable is escaped, as JSON escapes it."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub(r"[^\n -~]", lambda found: _json_escape(found[0]), text)


def _json_escape(character: str) -> str:
    if character.isprintable():
        return character
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


def counted(number: int, noun: str) -> str:
    """Return the number with its noun, which gets an s unless there is one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def print_json(value: object, *, indent: int | None = None) -> None:
    """Print ``value`` as JSON on stdout: one line, or indented."""
    typer.echo(json_text(value, indent=indent))


def note(sentence: str) -> None:
    """Print a sentence besides the result, on stderr."""
    typer.secho(printable(sentence), err=True, dim=True)


def print_error(sentence: str) -> None:
    """Print an error, on stderr."""
    typer.secho(f"autotag: {printable(sentence)}", err=True, fg=typer.colors.RED)


def console() -> "Console":
    """Return a console on stdout that does not interpret markup in texts."""
    from rich.console import Console

    bounded = sys.stdout.isatty() or "COLUMNS" in os.environ
    width = None if bounded else _PIPED_WIDTH
    return Console(markup=False, highlight=False, emoji=False, width=width)


def plain(text: object, style: str = "") -> "Text":
    """Return ``text`` for a console, escaped."""
    from rich.text import Text

    return Text(printable(str(text)), style=style, overflow="fold")


def columns_table(gap: int = 2) -> "Table":
    """Return a borderless table with bold headers; ``gap`` is the number of columns between two values."""
    from rich.table import Table

    return Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")


def facts_table(rows: list[tuple[str, Any]]) -> "Table":
    """Return a borderless table of names and values; a value is a text or anything that Rich renders."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, plain(value) if isinstance(value, str) else value)
    return table
