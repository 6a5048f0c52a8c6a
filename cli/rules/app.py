"""``autotag rules``: one module for each of its commands."""

import typer

from cli.rules.active import active
from cli.rules.check import check
from cli.rules.diff import diff
from cli.rules.push import push
from cli.rules.schema import schema

app = typer.Typer(no_args_is_help=True, help="Check, compare and publish rules.")

for command in (check, schema, diff, push, active):
    app.command()(command)
