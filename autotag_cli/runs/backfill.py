"""``autotag backfill``: decides on assets in Cloudinary that the service has never seen, or that have no labels."""

from typing import Annotated, Literal

import typer

from autotag_cli.runs.options import Detach, Yes
from autotag_cli.stack.options import AsJson, Stack


def backfill(
    ctx: typer.Context,
    prefix: Annotated[str, typer.Option(metavar="PREFIX", help="Only assets whose public_id begins with PREFIX.")] = "",
    resource_type: Annotated[
        Literal["image", "video"], typer.Option("--resource-type", help="The assets' resource type.")
    ] = "image",
    type_: Annotated[
        Literal["upload", "private", "authenticated"], typer.Option("--type", help="The assets' delivery type.")
    ] = "upload",
    categorize: Annotated[
        bool, typer.Option("--categorize", help="Categorize assets without labels, at one unit of the add-on each.")
    ] = False,
    max_units: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Pause after N units; needed for --categorize without --dry-run."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count new assets, and with --categorize the units; change nothing.")
    ] = False,
    detach: Detach = False,
    yes: Yes = False,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """List the assets in Cloudinary, and decide on those that were never seen, or not since they were overwritten.

    With --categorize, also categorize those that have no labels of an add-on that the rules name, unless an add-on
    still works on them. Its dry run reads each of them, since Cloudinary's lists do not show labels.
    The run keeps within the hourly budget of the Admin API, and waits for the next hour when that is used up.
    Exit code 1: the run was stopped, or something failed.
    """
    import sys

    from autotag.domain.runs.run import BackfillSource
    from autotag.service.runs.requests import StartRun
    from autotag_cli.runs.confirm import confirm
    from autotag_cli.runs.start import start_and_watch
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of

    if categorize != bool(max_units) and not (categorize and dry_run):
        raise typer.BadParameter("must be given together: units cost money", param_hint="--categorize and --max-units")
    ops = connect_ops(ctx, stack, changes=not dry_run)
    listing = BackfillSource(resource_type, type_, prefix, categorize, max_units or 0)
    if categorize and not dry_run:
        confirm(
            f"Categorizing uses up to {max_units:,} units of the add-on, one for each asset without labels. "
            "Units cost money. Continue?",
            yes=yes,
            terminal=sys.stdin,
        )
    request = StartRun(action="backfill", listing=listing, dry_run=dry_run)
    start_and_watch(ops, request, environment_of(ctx), detach=detach, as_json=as_json)
