"""``autotag review sample``: ask people about random pictures of each label, to learn how often it is right."""

from typing import Annotated

import typer

from autotag.domain.learning.sampling import LEAST, PER_LABEL
from autotag_cli.review.sample.plan import DAILY, MOST_PER_LABEL, SHARE
from autotag_cli.stack.options import AsJson, Stack


def sample(
    ctx: typer.Context,
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--labels", metavar="LABEL", help="Ask about this label; may be repeated.", show_default="the most frequent"
        ),
    ] = None,
    per_label: Annotated[
        int,
        typer.Option(min=1, max=MOST_PER_LABEL, metavar="N", help="Questions for each label, answered ones included."),
    ] = PER_LABEL,
    daily: Annotated[
        int, typer.Option(min=1, metavar="N", help="The most questions at random in 24 hours, over all runs.")
    ] = DAILY,
    share: Annotated[
        float,
        typer.Option(
            min=0.01, max=1, metavar="SHARE", help=f"The most of all waiting questions; {LEAST} may always wait."
        ),
    ] = SHARE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be asked.")] = False,
    seed: Annotated[
        int,
        typer.Option(metavar="N", help="Which pictures are drawn: the same number draws the same ones."),
    ] = 0,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Ask people about random pictures of each label, of all confidences, also below the threshold.

    So autotag rules suggest learns how often a label is right where nobody is asked otherwise. The questions are in the
    review queue, marked "asked at random"; answers write or remove the tag like any other. Run it again: it only tops
    up. Without --labels it takes labels that the rules let decide and that are on enough pictures, those begun first,
    then the most frequent.
    A queue is not flooded: at most --daily questions in 24 hours, and at random at most --share of those that wait
    (1: all may be), except that a few may always wait. Pictures whose tag a person has decided on are not asked about.
    Exit code 1: the request to the stack failed; 2: no picture has the label.
    """
    from autotag.domain.learning.sampling import SamplePool
    from autotag_cli.review.sample.plan import DAY, Limits, plan_samples
    from autotag_cli.review.sample.send import send
    from autotag_cli.review.sample.view import as_json as plan_as_json
    from autotag_cli.review.sample.view import progress_view, sentences
    from autotag_cli.stack.active_rules import load_active_rules
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.stack.scan.pages import all_pages
    from autotag_cli.terminal.output import console, note, print_json
    from autotag_cli.terminal.progress import progress_bar

    ops = connect_ops(ctx, stack, changes=not dry_run)
    ruleset = load_active_rules(ops)
    pool = SamplePool(str(seed), per_label, since=int(environment_of(ctx).now() * 1000) - DAY)
    with progress_bar("Reading", None, "assets") as bar:
        for page in all_pages(ops):
            for scanned in page.assets:
                pool.add(scanned, ruleset)
            bar.advance(1, len(page.assets))
    limits = Limits(per_label, daily, share)
    plan = plan_samples(pool, labels or (), limits)
    if not dry_run:
        send(ops, plan)
    if as_json:
        print_json(plan_as_json(plan, limits, dry_run=dry_run), indent=2)
        return
    if not plan.labels and not plan.left_out:
        note(_nothing(pool.assets, per_label))
        return
    if plan.labels:
        out = console()
        out.print(progress_view(out, plan.labels, dry_run=dry_run))
    for sentence in sentences(plan, limits, dry_run=dry_run):
        note(sentence)


def _nothing(assets: int, per_label: int) -> str:
    if not assets:
        return "The stack knows no pictures yet: autotag backfill finds those that were there before it."
    return (
        f"No label is on {per_label} of the {assets:,} assets, so there is too little to learn from. "
        "--labels asks about a label anyway; --per-label asks for fewer."
    )
