"""The group ``autotag labels``: without a command of its own it counts, which is the command ``list``."""

from typing import Any

import typer

from autotag_cli.command_line.groups import Group
from autotag_cli.labels.import_list import import_list
from autotag_cli.labels.list import list_labels
from autotag_cli.labels.search import search


class LabelsGroup(Group):
    """A group that takes the arguments of ``list`` where no command is named."""

    default = "list"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; those that begin with no command are of the command ``list``."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="labels",
    cls=LabelsGroup,
    help="The labels of a library: autotag labels FILE or --stored lists them, as autotag labels list does.",
)

app.command("list")(list_labels)
app.command("search")(search)
app.command("import")(import_list)
