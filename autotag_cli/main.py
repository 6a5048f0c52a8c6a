"""The ``autotag`` command line: registers every command, each from a module of its own.

Exit codes: 0 done; 1 the answer is no, or the command failed; 2 wrong usage or input. Each failure prints one sentence
on stderr.
"""

import io
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from autotag_cli.assets.audits import audits
from autotag_cli.assets.replay import replay
from autotag_cli.assets.show import show
from autotag_cli.capture.command import capture
from autotag_cli.cloudinary.resource import resource
from autotag_cli.cloudinary.stored_asset import explicit, update
from autotag_cli.cloudinary.tags import app as tags
from autotag_cli.cloudinary.upload import upload
from autotag_cli.command_line.groups import SETTINGS, MainGroup, Panel
from autotag_cli.console.command import console
from autotag_cli.decide.command import decide
from autotag_cli.doctor.command import doctor
from autotag_cli.export.command import export
from autotag_cli.review.app import app as review
from autotag_cli.rules.app import app as rules
from autotag_cli.runs.backfill import backfill
from autotag_cli.runs.control import app as runs
from autotag_cli.runs.retag import retag
from autotag_cli.runs.revert import revert
from autotag_cli.setup.command import setup
from autotag_cli.stats.command import stats
from autotag_cli.verify.command import verify

app = typer.Typer(
    name="autotag",
    cls=MainGroup,
    no_args_is_help=True,
    context_settings=SETTINGS,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help of Rich takes as long to import as all the rest of it takes
)


def _version(requested: bool) -> None:
    if requested:
        from importlib.metadata import version

        typer.echo(f"autotag {version('autotag')}")
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Explained auto-tagging between Cloudinary and a media library."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a tag may hold what the terminal cannot encode


_PANELS: dict[Panel, tuple[Callable[..., None] | typer.Typer, ...]] = {
    "Look": (decide, show, audits, replay, stats, verify, capture),
    "Rules": (rules,),
    "Library": (console, review, retag, revert, backfill, runs, export),
    "Cloudinary": (upload, explicit, update, resource, tags),
    "Set up and operate": (setup, doctor),
}
"""The commands and groups of commands, by the tasks for which people use them."""

for panel, commands in _PANELS.items():
    for command in commands:
        if isinstance(command, typer.Typer):
            app.add_typer(command, rich_help_panel=panel)
        else:
            app.command(rich_help_panel=panel)(command)
