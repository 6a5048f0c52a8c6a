"""``autotag review``: its commands list, summary, sample, go, accept, reject, clear and undo."""

import typer

from autotag_cli.command_line.groups import Group
from autotag_cli.review.answer import accept, clear, reject, undo
from autotag_cli.review.interactive import go
from autotag_cli.review.list_tags import list_tags
from autotag_cli.review.sample.command import sample
from autotag_cli.review.summary import summary

app = typer.Typer(name="review", cls=Group, no_args_is_help=True, help="List the tags in review, and answer.")

app.command("list")(list_tags)
for command in (summary, sample, go, accept, reject, clear, undo):
    app.command()(command)
