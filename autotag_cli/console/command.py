"""``autotag console``: look at pictures and answer questions about their tags, in a browser on this machine."""

from typing import Annotated

import typer

from autotag_cli.console.library_file import DEFAULT_LIBRARY
from autotag_cli.stack.options import Stack


def console(
    ctx: typer.Context,
    stack: Stack = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port on this machine.", show_default="the first free from 8421 on"),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser, only print the address.")] = False,
    library: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="An export of the stack, as autotag export writes it: search it, and see what other rules change.",
            show_default=f"{DEFAULT_LIBRARY}, if it is here",
        ),
    ] = None,
    idle: Annotated[str, typer.Option(metavar="DURATION", help="End after this time without a request.")] = "8h",
) -> None:
    """Serve the console on this machine: review pictures, see why they have their tags, and what waits.

    It uses your AWS credentials and answers on this machine alone. The address that it prints works once. Ctrl-C ends
    it. Exit code 1: the stack cannot be called, or no port is free; 2: the library cannot be used.
    """
    from autotag_cli.command_line.extras import check_extra

    check_extra("console", "the console", ("jinja2", "starlette", "uvicorn"))
    from autotag_cli.console.run import ConsoleOptions, run_console
    from autotag_cli.input.timestamps import parse_duration
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.stack.resolve import resolve

    seconds = parse_duration(idle, "--idle")
    environment = environment_of(ctx)
    target = resolve(stack, environment, changes=True)
    run_console(environment, target, ConsoleOptions(port, not no_open, seconds, idle, library))
