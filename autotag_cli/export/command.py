"""``autotag export``: every asset that a stack knows, in a file."""

from typing import Annotated

import typer


def export(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to: JSON lines, one for each asset.")],
    stack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The deployed stack.", show_default="$AUTOTAG_STACK, else the running local stack"
        ),
    ] = None,
) -> None:
    """Write all assets with their labels and tags, and what people did to them, into a file.

    autotag rules diff and autotag rules suggest read it, as often as you like and without asking the stack again.
    FILE is replaced once everything has come; an interrupted export goes on when the same command is run again.
    Exit code 1: the stack could not be asked, the disk is full, or another export writes FILE; 2: FILE cannot be one.
    """
    from datetime import UTC, datetime

    from autotag_cli.errors import Failure
    from autotag_cli.export.write import Occupied
    from autotag_cli.export.write import export as write
    from autotag_cli.stack.environment import outside
    from autotag_cli.stack.ops_client import OpsClient
    from autotag_cli.stack.resolve import resolve
    from autotag_cli.terminal.output import note, printable

    world = outside(ctx)
    target = resolve(stack, world)
    goes_on = "the same command goes on where it stopped"
    at = datetime.fromtimestamp(int(world.now()), UTC).isoformat().replace("+00:00", "Z")
    try:
        assets = write(OpsClient(target, world.post), target.stack, file, at)
    except Occupied:
        raise
    except Failure as error:
        raise Failure(f"{error}; {goes_on}") from error
    except (KeyboardInterrupt, SystemExit):  # the latter at a termination, while it shows how far it is
        note(f"Stopped: {goes_on}.")
        raise
    typer.echo(printable(f"{file}: {assets:,} assets of {target.stack}"))
