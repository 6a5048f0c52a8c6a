"""``autotag replay``: decide again from what is stored, and compare with the record."""

from typing import Annotated

import typer


def replay(
    ctx: typer.Context,
    audit: Annotated[str, typer.Argument(metavar="AUDIT", help="The audit_id of a record, from autotag audits.")],
    stack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The deployed stack.", show_default="$AUTOTAG_STACK, else the running local stack"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Decide again from an audit's stored labels and stored rules, and say whether the result is identical.

    Nothing is read from or written to Cloudinary. Exit code 1: it is not identical, or there is no such audit.
    """
    from autotag_cli.stack.environment import outside
    from autotag_cli.stack.ops_client import OpsClient
    from autotag_cli.stack.resolve import resolve
    from autotag_cli.terminal.output import print_json, printable

    world = outside(ctx)
    told = OpsClient(resolve(stack, world), world.post).replay(audit)
    if as_json:
        print_json(told, indent=2)
    else:
        rules = f"rules {told['rules']['name']} {told['rules']['version'][:12]}"
        how = rules if told["decided"] else "there was nothing to decide"
        typer.echo(printable(f"{'identical' if told['identical'] else 'different'}: {told['audit_id']}, {how}"))
        for difference in told["differences"]:
            typer.echo(printable(f"  {difference}"))
    raise typer.Exit(0 if told["identical"] else 1)
