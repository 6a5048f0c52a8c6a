"""Command groups: the options before a command, help by tasks, and errors as one sentence with an exit code."""

import sys
from typing import Any, ClassVar, Literal, get_args

import typer
from typer.core import TyperGroup

from autotag.domain.errors import AutotagError, Invalid
from autotag_cli.command_line.lazy_commands import LazyCommands
from autotag_cli.command_line.parameters import make_plain
from autotag_cli.command_line.stack_choice import stack_options
from autotag_cli.command_line.usage_errors import usage_sentence
from autotag_cli.errors import FaultyRules
from autotag_cli.terminal.output import print_error, printable
from autotag_cli.terminal.streams import PIPE_CLOSED, exit_on_output_error, reopen_closed

Panel = Literal["Look", "Rules", "Library", "Cloudinary", "Set up and operate"]
"""Groups of tasks, in the order in which help shows them."""
_SENTENCE = 200
"""Characters of a command's first sentence that help shows in a list of commands, in several lines if need be."""
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Group(TyperGroup):
    """A group whose commands take the options of the stack also before their own name."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for command in self.commands.values():
            _prepare(command)
        if self._is_on_stack():
            self.params += stack_options().of_group()
        make_plain(self.params)

    def _is_on_stack(self) -> bool:
        """Return whether any of the commands works on a stack."""
        is_on_stack = stack_options().is_on_stack
        return any(isinstance(each, Group) or is_on_stack(each.params) for each in self.commands.values())

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options before the command; show help where there is none."""
        if not args and self.no_args_is_help and not ctx.resilient_parsing:
            typer.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is named; raises ``Invalid`` if there is none of that name."""
        name = args[0]
        if name not in self.commands and not ctx.resilient_parsing and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, self.commands)
            guess = f", did you mean {' or '.join(near)}?" if near else ","
            raise Invalid(name, f"there is no such command{guess} {ctx.command_path} --help lists them")
        found, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            make_plain([command.get_help_option(ctx)])  # Typer makes it last, and keeps it
        return found, command, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands in the panels of their tasks."""
        panels: dict[str, list[tuple[str, str]]] = {title: [] for title in get_args(Panel)}
        for name, command in self.commands.items():
            panel = getattr(command, "rich_help_panel", None)
            title = panel if isinstance(panel, str) else "Commands"
            panels.setdefault(title, []).append((name, command.get_short_help_str(_SENTENCE)))
        for title, rows in panels.items():
            if not rows:
                continue
            with formatter.section(title):
                formatter.write_dl(rows)


def _prepare(command: Any) -> None:
    if not isinstance(command, TyperGroup):
        stack_options().complete(command.params)
        make_plain(command.params)


class MainGroup(Group):
    """The whole command: turns every error into a sentence and an exit code.

    A subclass has ``places``: where each command is defined, by its panel of help and its name.
    """

    places: ClassVar[dict[Panel, dict[str, str]]]

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self._panels = {name: panel for panel, places in self.places.items() for name in places}
        places = {name: place for places in self.places.values() for name, place in places.items()}
        self.commands: Any = LazyCommands(places, self._prepare)

    def _prepare(self, name: str, command: Any) -> None:
        command.rich_help_panel = self._panels[name]
        _prepare(command)

    def _is_on_stack(self) -> bool:
        return True

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run the command line."""
        standalone = options.pop("standalone_mode", True)
        reopen_closed()
        try:
            code = self._run(*arguments, **options)
            sys.stdout.flush()
        except OSError as error:
            exit_on_output_error(error)
        except SystemExit as error:  # Typer and Rich end so where the output is a pipe without a reader
            if isinstance(error.__context__, BrokenPipeError):
                raise SystemExit(PIPE_CLOSED) from error
            raise
        if standalone:
            raise SystemExit(code)
        return code

    def _run(self, *arguments: Any, **options: Any) -> int:
        try:
            result = super().main(*arguments, **{**options, "standalone_mode": False})
        except typer.Abort:
            print_error("the question was not answered")
            return 1
        except typer.TyperException as error:
            print_error(usage_sentence(error))
            return error.exit_code
        return result if isinstance(result, int) else 0

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters, with those that Typer adds last: help and completion."""
        params = super().get_params(ctx)
        make_plain(params)
        return params

    def invoke(self, ctx: Any) -> Any:
        """Run one command."""
        try:
            return super().invoke(ctx)
        except AutotagError as error:
            if isinstance(error, FaultyRules):
                for line in error.lines:
                    typer.echo(printable(line), err=True)
            print_error(str(error))
            raise typer.Exit(2 if isinstance(error, Invalid) else 1) from error
