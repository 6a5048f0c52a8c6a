"""The options that the commands about the review queue share."""

from typing import Annotated

import typer

Folder = Annotated[
    str | None, typer.Option(metavar="GLOB", help="Folder: * is within a segment, ** crosses; stage/** is stage, too.")
]
Tag = Annotated[str | None, typer.Option(metavar="TAG", help="Only this tag.")]
Wait = Annotated[
    float,
    typer.Option(min=0, metavar="SECONDS", help="How long to wait until what was answered is done; 0: not at all."),
]
Stack = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="The deployed stack.", show_default="$AUTOTAG_STACK, else the running local stack"
    ),
]

WAIT = 60.0
"""Seconds; a worker needs few, and more where it was not running."""
