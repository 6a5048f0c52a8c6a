"""``autotag rules``: one module for each of its commands."""

import typer

from cli.rules.active import active
from cli.rules.check import check
from cli.rules.diff import diff
from cli.rules.push import push
from cli.rules.schema import schema
from cli.rules.suggest import suggest

app = typer.Typer(no_args_is_help=True, help="Check, compare, publish and improve rules.")

for command in (check, schema, diff, push, active, suggest):
    app.command()(command)
