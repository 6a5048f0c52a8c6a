"""``autotag rules versions``: the rules that were ever pushed, and the text of one of them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from autotag_cli.stack.options import AsJson, Stack

if TYPE_CHECKING:
    from rich.table import Table


def versions(
    ctx: typer.Context,
    version: Annotated[
        str | None,
        typer.Argument(metavar="[SEQ|VERSION]", help="The number of a push, or the first 12 digits of a version."),
    ] = None,
    stack: Stack = None,
    limit: Annotated[int, typer.Option(min=1, help="The most pushes to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List who pushed which rules when, the newest first; or print the text of one version.

    To go back: autotag rules versions 3 > rules.toml, then autotag rules push rules.toml, with
    --categories-of 3 if they name categories.
    """
    from autotag_cli.rules.version_names import full_version
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import console, note, print_json

    ops = connect_ops(ctx, stack)
    if version is None:
        pushes = ops.rules_pushes(limit)
        if as_json:
            print_json(pushes, indent=2)
        elif pushes:
            console().print(_table(pushes))
        else:
            note("No rules were pushed: those that were deployed with the functions are in use.")
        return
    found = ops.rules_version(full_version(ops, version))
    if as_json:
        print_json(found, indent=2)
    else:
        typer.echo(found["text"], nl=not found["text"].endswith("\n"))
    if found["fault"]:
        note(f"The stack cannot use this version: {found['fault']}")


def _table(pushes: list[dict[str, Any]]) -> "Table":
    from autotag_cli.rules.version_names import SHORT
    from autotag_cli.terminal.output import columns_table, plain

    table = columns_table()
    for name in ("seq", "version", "rules", "pushed at", "by"):
        table.add_column(name, justify="right" if name == "seq" else "left", overflow="fold")
    for push in pushes:
        at = str(push["pushed_at"] or "not known")[:19].replace("T", " ")
        row = (push["seq"], push["version"][:SHORT], push["name"] or "", at, push["pushed_by"] or "not known")
        table.add_row(*map(plain, row))
    return table
