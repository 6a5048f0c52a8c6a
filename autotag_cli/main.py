"""The ``autotag`` command line: names every command, each of which is a module of its own that its call loads.

Exit codes: 0 done; 1 the answer is no, or the command failed; 2 wrong usage or input; 141 the reader of the output went
away. Each failure but the last prints one sentence on stderr.
"""

import io
import sys
from typing import Annotated, ClassVar

import typer

from autotag_cli.command_line.groups import SETTINGS, MainGroup, Panel


class _Commands(MainGroup):
    """The commands and groups of commands, by the tasks for which people use them."""

    places: ClassVar[dict[Panel, dict[str, str]]] = {
        "Look": {
            "decide": "autotag_cli.decide.command:decide",
            "show": "autotag_cli.assets.show:show",
            "audits": "autotag_cli.assets.audits:audits",
            "replay": "autotag_cli.assets.replay:replay",
            "stats": "autotag_cli.stats.command:stats",
            "labels": "autotag_cli.labels.app:app",
            "verify": "autotag_cli.verify.command:verify",
            "capture": "autotag_cli.capture.command:capture",
        },
        "Rules": {"rules": "autotag_cli.rules.app:app"},
        "Library": {
            "console": "autotag_cli.console.command:console",
            "review": "autotag_cli.review.app:app",
            "retag": "autotag_cli.runs.retag:retag",
            "revert": "autotag_cli.runs.revert:revert",
            "backfill": "autotag_cli.runs.backfill:backfill",
            "runs": "autotag_cli.runs.control:app",
            "export": "autotag_cli.export.command:export",
        },
        "Cloudinary": {
            "upload": "autotag_cli.cloudinary.upload:upload",
            "explicit": "autotag_cli.cloudinary.stored_asset:explicit",
            "update": "autotag_cli.cloudinary.stored_asset:update",
            "resource": "autotag_cli.cloudinary.resource:resource",
            "tags": "autotag_cli.cloudinary.tags:app",
        },
        "Set up and operate": {
            "setup": "autotag_cli.setup.command:setup",
            "doctor": "autotag_cli.doctor.command:doctor",
        },
    }


app = typer.Typer(
    name="autotag",
    cls=_Commands,
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
