"""``autotag revert``: undoes changes to managed tags, and only those."""

from typing import TYPE_CHECKING, Annotated

import typer

from autotag_cli.runs.options import Assets, Detach, DryRun, MaxCalls, PublicId, Rate, Status, Yes
from autotag_cli.stack.options import AsJson, Folder, Stack

if TYPE_CHECKING:
    from autotag_cli.stack.ops_client import OpsClient


def revert(
    ctx: typer.Context,
    assets: Assets = None,
    run: Annotated[str | None, typer.Option(metavar="ID", help="What this run did; an id from autotag runs.")] = None,
    tag: Annotated[str | None, typer.Option(metavar="TAG", help="Only this tag.")] = None,
    rules: Annotated[
        str | None, typer.Option(metavar="VERSION", help="What was decided by this version of the rules.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="What was decided since this time: 2026-10-31, 2026-10-31T08:00Z, 7d, 12h."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="What was decided until this time.")] = None,
    folder: Folder = None,
    public_id: PublicId = None,
    status: Status = None,
    everything: Annotated[bool, typer.Option("--all", help="Every managed tag on every asset.")] = False,
    max_calls: MaxCalls = None,
    rate: Rate = None,
    dry_run: DryRun = False,
    detach: Detach = False,
    yes: Yes = False,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Undo decisions: remove the tags that they added, restore the tags that they removed. All given options must hold.

    Without --run, --rules, --since and --until, every managed tag on the selected assets is removed. People's edits of
    tags stay. A revert is a run: revert --run with its id undoes it. With --dry-run --json, each asset that would
    change is one JSON object a line. Exit code 1: the run was stopped, or something failed.
    """
    import sys

    from autotag.domain.runs.run import Undo
    from autotag.service.runs.requests import PlanRun, StartRun
    from autotag_cli.input.timestamps import span
    from autotag_cli.runs.confirm import confirm
    from autotag_cli.runs.dry_run import try_out, without
    from autotag_cli.runs.filters import in_status, named, select, something
    from autotag_cli.runs.start import carry_out
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import outside

    world = outside(ctx)
    names, statuses = named(assets), in_status(status)
    since_at, until_at = span(since, until, world.now())
    options = (run, tag, rules, since, until, folder, public_id)
    if (bool(assets or status) or any(given is not None for given in options)) == everything:
        raise typer.BadParameter("expected what to undo, or --all alone", param_hint="ASSET, --run, --tag, ...")
    if dry_run:
        without(max_calls=max_calls, rate=rate, detach=detach)
    version = _version(rules)
    ops = connect_ops(ctx, stack)
    undo = Undo(run=_run(ops, run), rules=version, since=since_at, until=until_at, tag=something("--tag", tag))
    chosen = select(ops, names, folder=folder, public_id=public_id, statuses=statuses)
    if dry_run:
        try_out(ops, PlanRun(action="revert", filter=chosen, undo=undo), as_json=as_json)
        return
    if everything:
        confirm(f"Remove every managed tag from every asset of {ops.target.stack}?", yes=yes, terminal=sys.stdin)
    request = StartRun(action="revert", filter=chosen, undo=undo, max_calls=max_calls or 0, rate=rate)
    carry_out(ops, request, world, detach=detach, as_json=as_json)


def _version(text: str | None) -> str:
    import re

    from autotag.domain.errors import Invalid

    if text is not None and not re.fullmatch(r"[0-9a-f]{6,64}", text):
        raise Invalid("--rules", f"expected a version of rules, or its first six digits or more, not {text!r}")
    return text or ""


def _run(ops: "OpsClient", text: str | None) -> str:
    """Return the full id of a run that can be undone. Raises ``Failure`` if it is still running."""
    from autotag_cli.errors import Failure
    from autotag_cli.runs.run_ids import whole_id
    from autotag_cli.runs.run_view import read

    if text is None:
        return ""
    run = read(ops.show_run(whole_id(ops, text, "--run")))
    if run.status == "running":
        raise Failure(f"{run.name} is still running: pause or cancel it before it is undone")
    return run.id
