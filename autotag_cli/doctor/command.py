"""``autotag doctor``: what is wrong with a stack, and which command fixes it."""

from typing import TYPE_CHECKING, Annotated

import typer

from autotag_cli.stack.options import AsJson, Stack

if TYPE_CHECKING:
    from autotag.domain.sentences.operations.result import Result

_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(
    ctx: typer.Context,
    stack: Stack = None,
    as_json: AsJson = False,
    mend: Annotated[
        bool, typer.Option("--mend", help="Have the workers finish tag changes that wait for a message that is gone.")
    ] = False,
) -> None:
    """Check each link between Cloudinary and the tags: it is ok, warn or fail, with the command that fixes it.

    If CLOUDINARY_URL is set, it is compared with the stack's credentials and cloud. At most five Admin API calls are
    made, and without --mend nothing is changed. Exit code 1: a check fails.
    """
    from autotag_cli.command_line.stack_choice import stack_choice
    from autotag_cli.doctor.collect import collect_facts
    from autotag_cli.doctor.report import report
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.stack.resolve import resolve
    from autotag_cli.terminal.output import print_json

    environment = environment_of(ctx)
    given = stack_choice(ctx)._asdict()
    named = "".join(f" --{option} {value}" for option, value in given.items() if value)
    results = report(collect_facts(environment, resolve(stack, environment), named, mend=mend))
    failed = any(result.state == "fail" for result in results)
    if as_json:
        print_json({"ok": not failed, "lines": [result.record() for result in results]}, indent=2)
    else:
        _print(results)
    if failed:
        raise typer.Exit(1)


def _print(results: "list[Result]") -> None:
    from rich.text import Text

    from autotag_cli.terminal.output import console, plain

    out, width = console(), max(len(result.name) for result in results)
    for name, state, finding, fix in results:
        out.print(
            Text.assemble(plain(state.ljust(6), _STYLES[state]), plain(name.ljust(width + 2)), plain(finding)),
            soft_wrap=True,
        )
        if fix:
            out.print(plain(" " * (width + 8) + f"fix: {fix}"), soft_wrap=True)
