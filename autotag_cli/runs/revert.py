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
    from autotag.domain.runs.run import Filter, RevertSelection
    from autotag.service.runs.requests import PlanRun
    from autotag_cli.input.timestamps import parse_period
    from autotag_cli.runs.filters import asset_ids, check_names, non_empty, parse_statuses
    from autotag_cli.runs.start import RunOptions, check_dry_run, plan_or_start
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of

    environment = environment_of(ctx)
    names, statuses = check_names(assets), parse_statuses(status)
    period = parse_period(since, until, environment.now())
    options_given = (run, tag, rules, since, until, folder, public_id)
    if (bool(assets or status) or any(given is not None for given in options_given)) == everything:
        raise typer.BadParameter("expected what to undo, or --all alone", param_hint="ASSET, --run, --tag, ...")
    options = RunOptions(dry_run, detach, yes, as_json, max_calls, rate)
    check_dry_run(options)
    version = _version(rules)
    ops = connect_ops(ctx, stack, changes=not dry_run)
    undo = RevertSelection(
        run=_run(ops, run), rules=version, since=period.since, until=period.until, tag=non_empty("--tag", tag)
    )
    selection = Filter(
        folder=non_empty("--folder", folder),
        public_id=non_empty("--public-id", public_id),
        statuses=statuses,
        assets=asset_ids(ops, names),
    )
    question = f"Remove every managed tag from every asset of {ops.target.stack}?" if everything else None
    plan_or_start(ops, environment, PlanRun(action="revert", filter=selection, undo=undo), options, question)


def _version(text: str | None) -> str:
    import re

    from autotag.domain.errors import Invalid

    if text is not None and not re.fullmatch(r"[0-9a-f]{6,64}", text):
        raise Invalid("--rules", f"expected a version of rules, or its first six digits or more, not {text!r}")
    return text or ""


def _run(ops: "OpsClient", text: str | None) -> str:
    """Return the full id of a run that can be undone. Raises ``Failure`` if it is still running."""
    from autotag_cli.errors import Failure
    from autotag_cli.runs.run_ids import full_run_id
    from autotag_cli.runs.run_view import read_run

    if text is None:
        return ""
    run = read_run(ops.show_run(full_run_id(ops, text, "--run")))
    if run.status == "running":
        raise Failure(f"{run.name} is still running: pause or cancel it before it is undone")
    return run.id
