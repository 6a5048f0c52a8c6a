"""``autotag stats``: what a stack holds, what people changed, and what a month of it uses and costs."""

from typing import Annotated

import typer

from autotag_cli.stack.options import AsJson, Stack


def stats(
    ctx: typer.Context,
    stack: Stack = None,
    top: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="N", help="How many tags, labels and rules to list.")
    ] = 10,
    as_json: AsJson = False,
) -> None:
    """Count the assets of a stack: their states, labels, tags, outcomes under the active rules, and people's edits.

    Every asset is read once, nothing is written and Cloudinary is not called. The cost is an estimate: counted
    assets times the counted usage of one live image, at AWS's list prices. Exit code 1: the stack could not be read.
    """
    from autotag.domain.statistics.cost.month import estimate
    from autotag.domain.statistics.counts import Counts
    from autotag_cli.stack.active_rules import load_active_rules
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.stack.scan.pages import all_pages
    from autotag_cli.stats.view import print_record, print_stats, record
    from autotag_cli.terminal.progress import progress_bar

    client = connect_ops(ctx, stack)
    rules = load_active_rules(client)
    health = client.health()
    counts = Counts(round(environment_of(ctx).now() * 1000))
    with progress_bar("Counting", None, "assets") as bar:
        for page in all_pages(client):
            for scanned in page.assets:
                counts.add(scanned, rules)
            bar.advance(1, len(page.assets))
    cost = estimate(counts, events=client.target.outputs.get("Events") != "never")
    if as_json:
        print_record(record(counts, rules, health, cost, top))
    else:
        print_stats(counts, rules, health, cost, top)
