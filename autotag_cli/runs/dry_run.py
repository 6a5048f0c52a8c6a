"""Dry runs: what a run would change, and on how many assets."""

import sys

import msgspec

from autotag.domain.runs.planned import Planned, PlanTotals
from autotag.domain.sentences.operations.plans import explain_plan
from autotag.service.runs.requests import PlanRun
from autotag_cli.runs.plan_pages import PlanSource, plan_pages
from autotag_cli.terminal.output import console, note, print_json
from autotag_cli.terminal.progress import progress_bar
from autotag_cli.terminal.tag_changes_table import print_renames, tag_changes_table


def print_plan(ops: PlanSource, request: PlanRun, *, as_json: bool) -> None:
    """Print what would change: counts for each tag, or one JSON object a line for each asset."""
    totals = PlanTotals()
    scrolls = as_json and sys.stdout.isatty()  # no progress bar between lines of output
    with progress_bar("Planning", None, "assets", visible=not scrolls) as bar:
        for page in plan_pages(ops, request):
            totals.add(page)
            if as_json:
                for planned in page.assets:
                    print_json(_record(planned))
            bar.advance(1, page.seen)
    if as_json:
        note(explain_plan(totals))
        return
    out = console()
    out.print(explain_plan(totals))
    print_renames(out, totals.tags)
    if totals.tags.others():
        out.print()
        out.print(tag_changes_table(out, totals.tags, gained="Added to", lost="Removed from"))


def _record(planned: Planned) -> dict[str, object]:
    record: dict[str, object] = msgspec.to_builtins(planned)
    return record | {"renamed": [{"from": old, "to": new} for old, new in planned.renames]}
