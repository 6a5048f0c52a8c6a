"""``autotag rules active``: the rules that a stack uses."""

from typing import Annotated, Any

import typer

from autotag_cli.stack.options import AsJson, Stack


def active(
    ctx: typer.Context,
    stack: Stack = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text of the rules, as pushed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show which rules were published last, by whom and when, and whether workers use them already.

    Exit code 1: workers cannot read them and use the last good ones, or the request to the stack failed.
    """
    from autotag_cli.errors import Failure
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import console, facts_table, print_json

    answer = connect_ops(ctx, stack).rules(text=text)
    rules, last_good = answer["active"], answer["last_good"]
    if as_json:
        print_json(answer, indent=2)
    elif text and rules["fault"] is None:
        typer.echo(rules["text"], nl=not rules["text"].endswith("\n"))
    elif not text:
        console().print(facts_table(_rows(rules, last_good)))
    if rules["fault"] is not None:
        raise Failure(f"the active rules cannot be read, so the last good ones stay in use: {rules['fault']}")


def _rows(rules: dict[str, Any], last_good: dict[str, Any] | None) -> list[tuple[str, Any]]:
    from autotag_cli.terminal.output import plain

    rows: list[tuple[str, Any]] = [
        ("rules", plain(rules["name"] or "unreadable", "bold" if rules["name"] else "bold red")),
        ("version", rules["version"]),
        ("seq", str(rules["seq"])),
    ]
    if not rules["seq"]:
        return [*rows, ("pushed", "never: these were deployed with the functions")]
    rows.append(("pushed", f"at {rules['pushed_at']} by {rules['pushed_by'] or 'an unknown caller'}"))
    if last_good is None:
        rows.append(("in use", plain("not yet", "yellow")))
    elif last_good["seq"] == rules["seq"]:
        rows.append(("in use", plain("yes", "green")))
    else:
        good = f"{last_good['name']} {last_good['version'][:12]}, seq {last_good['seq']}"
        rows.append(("in use", plain(f"not yet, last {good}", "yellow")))
    return rows
