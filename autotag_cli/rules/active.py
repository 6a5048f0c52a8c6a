"""``autotag rules active``: which rules a stack decides by."""

from typing import Annotated, Any

import typer


def active(
    ctx: typer.Context,
    stack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The deployed stack.", show_default="$AUTOTAG_STACK, else the running local stack"
        ),
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the rules themselves, as they were pushed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show which rules were published last, by whom and when, and whether workers have taken them up.

    Exit code 1: workers cannot read them and decide by the last good ones, or the stack could not be asked.
    """
    from autotag_cli.errors import Failure
    from autotag_cli.stack.environment import outside
    from autotag_cli.stack.ops_client import OpsClient
    from autotag_cli.stack.resolve import resolve
    from autotag_cli.terminal.output import console, facts_table, print_json

    world = outside(ctx)
    told = OpsClient(resolve(stack, world), world.post).rules(text=text)
    found, good = told["active"], told["last_good"]
    if as_json:
        print_json(told, indent=2)
    elif text and found["fault"] is None:
        typer.echo(found["text"], nl=not found["text"].endswith("\n"))
    elif not text:
        console().print(facts_table(_rows(found, good)))
    if found["fault"] is not None:
        raise Failure(f"the active rules cannot be read, the last good ones hold: {found['fault']}")


def _rows(found: dict[str, Any], good: dict[str, Any] | None) -> list[tuple[str, Any]]:
    from autotag_cli.terminal.output import plain

    rows: list[tuple[str, Any]] = [
        ("rules", plain(found["name"] or "unreadable", "bold" if found["name"] else "bold red")),
        ("version", found["version"]),
        ("seq", str(found["seq"])),
    ]
    if not found["seq"]:
        return [*rows, ("pushed", "never: these were deployed with the functions")]
    rows.append(("pushed", f"at {found['pushed_at']} by {found['pushed_by'] or 'nobody known'}"))
    if good is None:
        rows.append(("taken up", plain("not yet", "yellow")))
    elif good["seq"] == found["seq"]:
        rows.append(("taken up", plain("yes", "green")))
    else:
        rows.append(
            ("taken up", plain(f"not yet, last {good['name']} {good['version'][:12]}, seq {good['seq']}", "yellow"))
        )
    return rows
