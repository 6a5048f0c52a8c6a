"""``autotag replay``: decides again from stored data, and compares the result with the audit."""

from typing import Annotated

import typer

from autotag_cli.stack.options import AsJson, Stack


def replay(
    ctx: typer.Context,
    audit: Annotated[str, typer.Argument(metavar="AUDIT", help="An audit_id, from autotag audits.")],
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Decide again from an audit's stored labels and stored rules, and report whether the result is identical.

    Cloudinary is neither read nor written to. Exit code 1: the result differs, or there is no such audit.
    """
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import print_json, printable

    result = connect_ops(ctx, stack).replay(audit)
    if as_json:
        print_json(result, indent=2)
    else:
        rules = f"rules {result['rules']['name']} {result['rules']['version'][:12]}"
        how = rules if result["decided"] else "there was nothing to decide"
        typer.echo(printable(f"{'identical' if result['identical'] else 'different'}: {result['audit_id']}, {how}"))
        for difference in result["differences"]:
            typer.echo(printable(f"  {difference}"))
    raise typer.Exit(0 if result["identical"] else 1)
