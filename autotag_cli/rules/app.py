"""The group ``autotag rules``: each of its commands is a module."""

import typer

from autotag_cli.command_line.groups import Group
from autotag_cli.rules.active import active
from autotag_cli.rules.check import check
from autotag_cli.rules.diff.command import diff
from autotag_cli.rules.push import push
from autotag_cli.rules.schema import schema
from autotag_cli.rules.starter.commands import example, init
from autotag_cli.rules.suggest.command import suggest
from autotag_cli.rules.translate.command import translate
from autotag_cli.rules.versions import versions

app = typer.Typer(
    name="rules", cls=Group, no_args_is_help=True, help="Begin, check, compare, publish and improve rules."
)

for command in (init, example, check, schema, diff, push, active, versions, suggest, translate):
    app.command()(command)
