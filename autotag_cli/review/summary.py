"""``autotag review summary``: how many questions wait, by tag and by folder."""

from typing import Annotated

import typer

from autotag_cli.stack.options import Folder, Stack


def summary(
    ctx: typer.Context,
    folder: Folder = None,
    stack: Stack = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Count the questions in review, by tag and by folder, the most first.

    Tags are counted regardless of case. The counts may be half a minute old.
    """
    from autotag.service.review.summary import ReviewSummary
    from autotag_cli.review.summary_view import read_summary, summary_tables
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import console, note, print_json

    answer = connect_ops(ctx, stack).review_summary(ReviewSummary(folder or ""))
    if as_json:
        print_json(answer, indent=2)
        return
    found = read_summary(answer)
    if not found.assets:
        note("No tag is in review.")
        return
    out = console()
    for table in summary_tables(found) if found.tags else []:
        out.print(table)
    note(f"{found.questions:,} questions about {found.assets:,} assets wait.{found.at_random}")
    if found.tags_left_out or found.folders_left_out:
        note(f"Not listed: {found.tags_left_out:,} tags and {found.folders_left_out:,} folders with fewer questions.")
    if found.partial:
        note(f"The queue is too long to count it in time: these are its {found.assets:,} oldest assets.")
    if found.unindexed:
        note(
            f"Of {found.unindexed:,} assets the tags are not counted: an earlier release stored them last. "
            "autotag retag brings them up to date."
        )
