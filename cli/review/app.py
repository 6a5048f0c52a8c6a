"""``autotag review``: one module for its list, one for answers in words, one for answering one by one or by a file."""

import typer

from cli.review.answering import accept, clear, reject, undo
from cli.review.going import go
from cli.review.listing import listing

app = typer.Typer(no_args_is_help=True, help="List the tags that people are asked about, and answer.")

app.command("list")(listing)
for command in (go, accept, reject, clear, undo):
    app.command()(command)
