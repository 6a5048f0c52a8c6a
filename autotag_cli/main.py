"""The ``autotag`` command line: registers every command, each from a module of its own.

Exit codes: 0 done; 1 the answer is no, or the command failed; 2 wrong usage or input. Each failure prints one sentence
on stderr.
"""

import io
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from autotag.domain.errors import AutotagError, Invalid
from autotag_cli.assets.audits import audits
from autotag_cli.assets.replay import replay
from autotag_cli.assets.show import show
from autotag_cli.capture.command import capture
from autotag_cli.cloudinary.resource import resource
from autotag_cli.cloudinary.stored_asset import explicit, update
from autotag_cli.cloudinary.tags import app as tags
from autotag_cli.cloudinary.upload import upload
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
from autotag_cli.terminal.output import print_error
from autotag_cli.terminal.streams import exit_on_output_error, reopen_closed
from autotag_cli.verify.command import verify


class Commands(TyperGroup):
    """A command group that turns every command's errors into a sentence and an exit code."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run the command line."""
        reopen_closed()
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            exit_on_output_error(error)

    def invoke(self, ctx: Any) -> Any:
        """Run one command."""
        try:
            return super().invoke(ctx)
        except AutotagError as error:
            print_error(str(error))
            raise typer.Exit(2 if isinstance(error, Invalid) else 1) from error


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


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


for command in (decide, verify, capture, show, audits, replay, upload, explicit, update, resource, setup, doctor):
    app.command()(command)
app.command()(retag)
app.command()(revert)
app.command()(backfill)
app.command()(export)
app.command()(stats)
app.add_typer(runs, name="runs")
app.add_typer(review, name="review")
app.add_typer(rules, name="rules")
app.add_typer(tags, name="tags")
