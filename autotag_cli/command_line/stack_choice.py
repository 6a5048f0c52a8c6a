"""The options ``--stack``, ``--region`` and ``--profile``, before or after a command: the last one counts."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple

import typer
import typer.main

_STORED = "autotag.stack_choice"
"""The key in the context's ``meta``, which a command shares with the groups around it."""


class StackChoice(NamedTuple):
    """What was given of a stack: its name, the AWS region, the AWS profile."""

    stack: str | None = None
    region: str | None = None
    profile: str | None = None


def stack_choice(ctx: typer.Context) -> StackChoice:
    """Return what was given before and after the command."""
    return StackChoice(**ctx.meta.get(_STORED, {}))


def remember(ctx: typer.Context, param: typer.CallbackParam, value: str | None) -> str | None:
    """Keep what an option says, or return what it said further left."""
    given: dict[str, str] = ctx.meta.setdefault(_STORED, {})
    if value is not None:
        given[str(param.name)] = value
    return given.get(str(param.name))


_STACK: dict[str, Any] = {
    "metavar": "NAME",
    "callback": remember,
    "help": "The deployed stack.",
    "show_default": "$AUTOTAG_STACK, else the running local stack",
}
Stack = Annotated[str | None, typer.Option("--stack", **_STACK)]
_GroupStack = Annotated[str | None, typer.Option("--stack", **_STACK, expose_value=False)]
_Region = Annotated[
    str | None,
    typer.Option(
        "--region",
        metavar="REGION",
        callback=remember,
        expose_value=False,
        help="The stack's AWS region.",
        show_default="that of the environment or the profile",
    ),
]
_Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        callback=remember,
        expose_value=False,
        help="The AWS profile.",
        show_default="$AWS_PROFILE",
    ),
]


def _options(stack: _GroupStack = None, region: _Region = None, profile: _Profile = None) -> None:
    """Stand for a command that has these options, from which Typer makes them."""


class StackOptions:
    """The options as Typer makes them."""

    def __init__(self) -> None:
        template = typer.Typer(add_completion=False)
        template.command()(_options)
        self._stack, *self._account = typer.main.get_command(template).params

    def is_on_stack(self, params: Sequence[Any]) -> bool:
        """Return whether these are the parameters of a command that works on a stack."""
        return any(param.name == self._stack.name for param in params)

    def complete(self, params: list[Any]) -> None:
        """Add region and profile after the stack of a command that works on one."""
        if self.is_on_stack(params):
            at = next(i for i, param in enumerate(params) if param.name == self._stack.name)
            params[at + 1 : at + 1] = self._account

    def of_group(self) -> list[Any]:
        """Return the options that stand before a command."""
        return [self._stack, *self._account]


@cache
def stack_options() -> StackOptions:
    """Return the options, which all groups share."""
    return StackOptions()
