"""The options that the commands on a stack share."""

from typing import Annotated

import typer

from autotag_cli.command_line.stack_choice import Stack as Stack

Asset = Annotated[str, typer.Argument(metavar="ASSET", help="An asset_id or a public_id.")]
Folder = Annotated[
    str | None,
    typer.Option(metavar="GLOB", help="The folder; * matches within a segment, ** across; stage/** includes stage."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Raw = Annotated[bool, typer.Option("--raw", help="Print as JSON every field that is stored, also those of a replay.")]
