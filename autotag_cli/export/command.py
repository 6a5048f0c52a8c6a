"""``autotag export``: every asset of a stack in a file."""

from typing import Annotated

import typer

from autotag_cli.stack.options import Stack


def export(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to write: JSON lines, one for each asset.")],
    stack: Stack = None,
) -> None:
    """Write all assets with their labels, their tags and people's edits into a file.

    autotag rules diff and autotag rules suggest read it, as often as you like and without calling the stack again.
    FILE is replaced once everything is read; to continue an interrupted export, run the same command again.
    Exit code 1: the stack could not be read, the disk is full, or another export writes FILE; 2: FILE cannot be used.
    """
    from datetime import UTC, datetime

    from autotag_cli.errors import Failure
    from autotag_cli.export.write import AlreadyExporting
    from autotag_cli.export.write import export as write
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.terminal.output import note, printable

    ops = connect_ops(ctx, stack)
    hint = "run the same command again to continue where it stopped"
    at = datetime.fromtimestamp(int(environment_of(ctx).now()), UTC).isoformat().replace("+00:00", "Z")
    try:
        assets = write(ops, ops.target.stack, file, at)
    except AlreadyExporting:
        raise
    except Failure as error:
        raise Failure(f"{error}; {hint}") from error
    except (KeyboardInterrupt, SystemExit):  # SystemExit: terminated while the progress is shown
        note(f"Stopped: {hint}.")
        raise
    typer.echo(printable(f"{file}: {assets:,} assets of {ops.target.stack}"))
