"""Dry runs: what a run would change, and on how many assets."""

import sys

import msgspec

from autotag.service.runs.requests import PlanRun
from autotag_cli.runs.plan_pages import Planned, PlanSource, plan_pages
from autotag_cli.terminal.output import console, note, print_json
from autotag_cli.terminal.progress import progress_bar
from autotag_cli.terminal.tag_changes import TagChangeCounts
from autotag_cli.terminal.tag_changes_table import print_renames, tag_changes_table

_EXAMPLES = 3


def print_plan(ops: PlanSource, request: PlanRun, *, as_json: bool) -> None:
    """Print what would change: counts for each tag, or one JSON object a line for each asset."""
    seen, state_only, changes = 0, 0, TagChangeCounts(_EXAMPLES)
    scrolls = as_json and sys.stdout.isatty()  # no progress bar between lines of output
    with progress_bar("Planning", None, "assets", visible=not scrolls) as bar:
        for page in plan_pages(ops, request):
            seen += page.seen
            for planned in page.assets:
                changes.count(
                    planned.asset.public_id or planned.asset.asset_id, planned.add, planned.remove, planned.renames
                )
                state_only += not (planned.add or planned.remove)
                if as_json:
                    print_json(_record(planned))
            bar.advance(1, page.seen)
    sentence = _sentence(seen, changes.changed, state_only)
    if as_json:
        note(sentence)
        return
    out = console()
    out.print(sentence)
    print_renames(out, changes)
    if changes.others():
        out.print()
        out.print(tag_changes_table(out, changes, gained="Added to", lost="Removed from"))


def _sentence(seen: int, changed: int, others: int) -> str:
    if not changed and not others:
        return f"Nothing would change on any of {seen:,} assets."
    besides = f", and only the stored state of {others:,} more" if others else ""
    return f"Tags would change on {changed:,} of {seen:,} assets{besides}."


def _record(planned: Planned) -> dict[str, object]:
    record: dict[str, object] = msgspec.to_builtins(planned)
    return record | {"renamed": [{"from": old, "to": new} for old, new in planned.renames]}
