"""``autotag doctor``: what is wrong with a stack, and which command mends it."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from autotag_cli.doctor.checks.check import Line

_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(
    ctx: typer.Context,
    stack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The deployed stack.", show_default="$AUTOTAG_STACK, else the running local stack"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check every link between Cloudinary and its tags: each is ok, warn or fail, with the command that mends it.

    CLOUDINARY_URL, where it is set, is compared with what the stack works with. Four Admin calls are made at most, and
    nothing is changed. Exit code 1: something fails.
    """
    from autotag_cli.doctor.collect import examine
    from autotag_cli.doctor.report import report
    from autotag_cli.stack.environment import outside
    from autotag_cli.stack.resolve import resolve
    from autotag_cli.terminal.output import print_json

    world = outside(ctx)
    lines = report(examine(world, resolve(stack, world), f" --stack {stack}" if stack else ""))
    failed = any(line.state == "fail" for line in lines)
    if as_json:
        print_json({"ok": not failed, "lines": [line._asdict() for line in lines]}, indent=2)
    else:
        _print(lines)
    if failed:
        raise typer.Exit(1)


def _print(lines: "list[Line]") -> None:
    from rich.text import Text

    from autotag_cli.terminal.output import console, plain

    out, width = console(), max(len(line.name) for line in lines)
    for name, state, told, mend in lines:
        out.print(
            Text.assemble(plain(state.ljust(6), _STYLES[state]), plain(name.ljust(width + 2)), plain(told)),
            soft_wrap=True,
        )
        if mend:
            out.print(plain(" " * (width + 8) + f"mend it: {mend}"), soft_wrap=True)
