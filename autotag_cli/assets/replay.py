"""``autotag replay``: decides again from stored data, and compares the result with the audit."""

from typing import Annotated

import typer


def replay(
    ctx: typer.Context,
    audit: Annotated[str, typer.Argument(metavar="AUDIT", help="An audit_id, from autotag audits.")],
    stack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The deployed stack.", show_default="$AUTOTAG_STACK, else the running local stack"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Decide again from an audit's stored labels and stored rules, and report whether the result is identical.

    Cloudinary is neither read nor written to. Exit code 1: the result differs, or there is no such audit.
    """
    from autotag_cli.stack.environment import outside
    from autotag_cli.stack.ops_client import OpsClient
    from autotag_cli.stack.resolve import resolve
    from autotag_cli.terminal.output import print_json, printable

    world = outside(ctx)
    result = OpsClient(resolve(stack, world), world.post).replay(audit)
    if as_json:
        print_json(result, indent=2)
    else:
        rules = f"rules {result['rules']['name']} {result['rules']['version'][:12]}"
        how = rules if result["decided"] else "there was nothing to decide"
        typer.echo(printable(f"{'identical' if result['identical'] else 'different'}: {result['audit_id']}, {how}"))
        for difference in result["differences"]:
            typer.echo(printable(f"  {difference}"))
    raise typer.Exit(0 if result["identical"] else 1)
