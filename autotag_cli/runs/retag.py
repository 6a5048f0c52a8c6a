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
    from autotag.domain.runs.run import Filter
    from autotag.service.runs.requests import PlanRun
    from autotag_cli.input.timestamps import parse_period
    from autotag_cli.runs.filters import asset_ids, check_names, non_empty, parse_rules_older_than, parse_statuses
    from autotag_cli.runs.start import RunOptions, check_dry_run, plan_or_start
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of

    environment = environment_of(ctx)
    names, statuses = check_names(assets), parse_statuses(status)
    period = parse_period(since, until, environment.now())
    options = RunOptions(dry_run, detach, yes, as_json, max_calls, rate, refresh)
    check_dry_run(options)
    ops = connect_ops(ctx, stack, changes=not dry_run)
    selection = Filter(
        rules_before=parse_rules_older_than(ops, rules_older_than),
        folder=non_empty("--folder", folder),
        public_id=non_empty("--public-id", public_id),
        tag=non_empty("--tag", tag),
        since=period.since,
        until=period.until,
        statuses=statuses,
        assets=asset_ids(ops, names),
    )
    question = f"Decide again on every asset of {ops.target.stack}?" if selection == Filter() else None
    plan_or_start(ops, environment, PlanRun(action="retag", filter=selection), options, question)
