"""``autotag retag``: decides again from stored labels, by the present rules."""

from typing import Annotated

import typer

from autotag_cli.runs.options import Assets, Detach, DryRun, MaxCalls, PublicId, Rate, Status, Yes
from autotag_cli.stack.options import AsJson, Folder, Stack


def retag(
    ctx: typer.Context,
    assets: Assets = None,
    folder: Folder = None,
    tag: Annotated[str | None, typer.Option(metavar="TAG", help="Assets that have this managed tag.")] = None,
    public_id: PublicId = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Last decided since this time: 2026-10-31, 2026-10-31T08:00Z, 7d, 12h."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="Last decided until this time.")] = None,
    rules_older_than: Annotated[
        str | None, typer.Option(metavar="SEQ|active", help="Last decided by rules that were pushed before these.")
    ] = None,
    status: Status = None,
    max_calls: MaxCalls = None,
    rate: Rate = None,
    refresh: Annotated[
        bool,
        typer.Option("--refresh", help="First read every asset again, within the Admin API budget: hours for many."),
    ] = False,
    dry_run: DryRun = False,
    detach: Detach = False,
    yes: Yes = False,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Decide again on all assets, or on those that match all given options, and write what changes.

    The command uses the stored labels, so the add-on costs nothing. People's edits of tags stay. Live uploads have
    priority. Folder and context are those of the notifications; if some may have been lost, --refresh reads them
    again. With --dry-run --json, each asset that would change is one JSON object a line.
    Exit code 1: the run was stopped, or something failed.
    """
    import sys

    from autotag.domain.runs.run import Filter
    from autotag.service.runs.requests import PlanRun, StartRun
    from autotag_cli.input.timestamps import span
    from autotag_cli.runs.confirm import confirm
    from autotag_cli.runs.dry_run import try_out, without
    from autotag_cli.runs.filters import in_status, named, older_than, select
    from autotag_cli.runs.start import carry_out
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import outside

    world = outside(ctx)
    names, statuses = named(assets), in_status(status)
    since_at, until_at = span(since, until, world.now())
    if dry_run:
        without(max_calls=max_calls, rate=rate, refresh=refresh, detach=detach)
    ops = connect_ops(ctx, stack)
    chosen = select(
        ops,
        names,
        folder=folder,
        public_id=public_id,
        statuses=statuses,
        tag=tag,
        since=since_at,
        until=until_at,
        rules_before=older_than(ops, rules_older_than),
    )
    if dry_run:
        try_out(ops, PlanRun(action="retag", filter=chosen), as_json=as_json)
        return
    if chosen == Filter():
        confirm(f"Decide again on every asset of {ops.target.stack}?", yes=yes, terminal=sys.stdin)
    request = StartRun(action="retag", filter=chosen, max_calls=max_calls or 0, rate=rate, refresh=refresh)
    carry_out(ops, request, world, detach=detach, as_json=as_json)
