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
    detect: Annotated[
        bool, typer.Option("--detect", help="Ask Rekognition about images without labels of it, at a price for each.")
    ] = False,
    max_units: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Pause after N units or calls; needed to spend them without --dry-run."),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Count new assets, and the units that would be used; change nothing."),
    ] = False,
    detach: Detach = False,
    yes: Yes = False,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """List the assets in Cloudinary, and decide on those that were never seen, or not since they were overwritten.

    With --categorize, also categorize those that have no labels of an add-on that the rules name, unless an add-on
    still works on them. Its dry run reads each of them, since Cloudinary's lists do not show labels.
    With --detect, images without labels of Rekognition are asked about instead, within the calls of a day.
    The run keeps within the hourly budget of the Admin API, and waits for the next hour when that is used up.
    Exit code 1: the run was stopped, or something failed.
    """
    import sys

    from autotag.domain.runs.run import BackfillSource
    from autotag.domain.statistics.cost.prices import DETECT_LABELS
    from autotag.service.runs.requests import StartRun
    from autotag_cli.runs.confirm import confirm
    from autotag_cli.runs.start import start_and_watch
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of

    if detect and (categorize or resource_type != "image"):
        raise typer.BadParameter("is for images, and without --categorize", param_hint="--detect")
    if (categorize or detect) != bool(max_units) and not ((categorize or detect) and dry_run):
        named = "--detect and --max-units" if detect else "--categorize and --max-units"
        raise typer.BadParameter("must be given together: units cost money", param_hint=named)
    ops = connect_ops(ctx, stack, changes=not dry_run)
    listing = BackfillSource(resource_type, type_, prefix, categorize, max_units or 0, detect)
    if categorize and not dry_run:
        confirm(
            f"Categorizing uses up to {max_units:,} units of the add-on, one for each asset without labels. "
            "Units cost money. Continue?",
            yes=yes,
            terminal=sys.stdin,
        )
    if detect and not dry_run:
        confirm(
            f"Rekognition is asked up to {max_units:,} times, once for each image without labels of it. "
            f"A million calls cost ${DETECT_LABELS * 1_000_000:,.0f}. Continue?",
            yes=yes,
            terminal=sys.stdin,
        )
    request = StartRun(action="backfill", listing=listing, dry_run=dry_run)
    start_and_watch(ops, request, environment_of(ctx), detach=detach, as_json=as_json)
