"""The options that the commands about the review queue share."""

from typing import Annotated

import typer

Tag = Annotated[str | None, typer.Option(metavar="TAG", help="Only this tag.")]
Wait = Annotated[
    float,
    typer.Option(min=0, metavar="SECONDS", help="How long to wait until the answers are carried out; 0: not at all."),
]

WAIT = 60.0
"""Seconds; a worker needs a few, and more if it was not running."""
