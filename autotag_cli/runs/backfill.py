"""``autotag backfill``: assets that Cloudinary has and the service has never seen, or never had categorized."""

from typing import Annotated, Literal

import typer

from autotag_cli.runs.options import AsJson, Detach, Stack, Yes


def backfill(
    ctx: typer.Context,
    prefix: Annotated[str, typer.Option(metavar="PREFIX", help="What the public_ids begin with.")] = "",
    resource_type: Annotated[
        Literal["image", "video"], typer.Option("--resource-type", help="The kind of the assets.")
    ] = "image",
    type_: Annotated[
        Literal["upload", "private", "authenticated"], typer.Option("--type", help="Their delivery type.")
    ] = "upload",
    categorize: Annotated[
        bool, typer.Option("--categorize", help="Let the add-on look at those without labels, at one unit each.")
    ] = False,
    max_units: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Pause after N units; needed for --categorize without --dry-run."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what is new, with --categorize the units too, and change nothing.")
    ] = False,
    detach: Detach = False,
    yes: Yes = False,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """List the assets that Cloudinary has, and decide on those that were never seen, or not since overwritten.

    With --categorize also on those that have no labels of an add-on that the rules name; those that an add-on is still
    at work on are left to it. Its dry run reads each of them, since Cloudinary's lists do not show labels.
    It keeps within the Admin API's hourly budget, and waits for the next hour where that is used. Exit code 1: it was
    stopped, or something failed.
    """
    import sys

    from autotag.domain.runs.run import Listing
    from autotag.service.runs.requests import StartRun
    from autotag_cli.runs.confirm import confirm
    from autotag_cli.runs.start import carry_out
    from autotag_cli.stack.environment import outside
    from autotag_cli.stack.ops_client import OpsClient
    from autotag_cli.stack.resolve import resolve

    if categorize != bool(max_units) and not (categorize and dry_run):
        raise typer.BadParameter("need each other: units cost money", param_hint="--categorize and --max-units")
    world = outside(ctx)
    ops = OpsClient(resolve(stack, world), world.post)
    listing = Listing(resource_type, type_, prefix, categorize, max_units or 0)
    if categorize and not dry_run:
        confirm(
            f"Categorizing uses up to {max_units:,} units of the add-on, one for each asset without labels, "
            "and they cost money. Go on?",
            yes=yes,
            terminal=sys.stdin,
        )
    asked = StartRun(action="backfill", listing=listing, dry_run=dry_run)
    carry_out(ops, asked, world, detach=detach, as_json=as_json)
