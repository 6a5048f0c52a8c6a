"""The progress of questions at random by label, and what to do next."""

import shlex
from typing import TYPE_CHECKING, Any

from autotag.domain.learning.sampling import LEAST
from autotag_cli.review.sample.plan import MOST_PER_LABEL, LabelProgress, Limits, Plan
from autotag_cli.terminal.output import columns_table, counted, plain

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.table import Table

_GAP, _LEAST_NAME = 2, 8
"""Columns between two values, and the fewest for the name of a label: a longer one goes on in the next line."""

SUGGEST = "autotag rules suggest --stored"


def as_json(plan: Plan, limits: Limits, *, dry_run: bool) -> dict[str, Any]:
    """Return what is asked as one JSON object."""
    return {
        "dry_run": dry_run,
        "asked": plan.asked,
        "wanted": plan.wanted,
        "limits": {
            "per_label": limits.per_label,
            "daily": {"most": limits.daily, "room": plan.room.daily},
            "share": {"most": limits.share, "room": plan.room.share},
        },
        "labels": [
            {
                "label": each.label,
                "tag": each.tag,
                "pictures": each.pictures,
                "answered": each.answered,
                "waiting": each.waiting,
                "asked": each.now,
                "left": each.left,
                "missing_pictures": each.short,
            }
            for each in plan.labels
        ],
        "labels_left_out": plan.left_out,
    }


def progress_view(out: "Console", labels: tuple[LabelProgress, ...], *, dry_run: bool) -> "Table | Group":
    """Return the labels with what is answered, waits, is asked now and is still to be asked.

    It is a table, or a sentence for each label where a table has no room for their names.
    """
    from rich.console import Group

    titles = ("Answered", "Waiting", "Would ask" if dry_run else "Asked now", "Still to ask")
    words = ("answered", "waiting", "would be asked" if dry_run else "asked now", "still to ask")
    numbers = [(each.answered, each.waiting, each.now, each.left) for each in labels]
    if out.width < _LEAST_NAME + sum(len(title) + _GAP for title in titles):
        return Group(
            *(
                plain(f"{each.label}: {', '.join(f'{n:,} {word}' for n, word in zip(found, words, strict=True))}")
                for each, found in zip(labels, numbers, strict=True)
            )
        )
    table = columns_table(_GAP)
    table.add_column("Label", overflow="fold", min_width=_LEAST_NAME)
    for title in titles:
        table.add_column(title, justify="right", no_wrap=True)
    for each, found in zip(labels, numbers, strict=True):
        table.add_row(plain(each.label), *(f"{number:,}" for number in found))
    return table


def sentences(plan: Plan, limits: Limits, *, dry_run: bool) -> list[str]:
    """Return what was done, what limits it, and what to do next."""
    return [*_limits(plan, limits), *_left_out(plan), _next(plan, limits, dry_run=dry_run)]


def _limits(plan: Plan, limits: Limits) -> list[str]:
    found = []
    daily, share = plan.room
    if share is not None and share < plan.wanted and share <= daily:
        found.append(
            f"Asked at random: at most {limits.share:.0%} of the questions that wait, though {LEAST} may always wait. "
            f"So {counted(share, 'question')} of {plan.wanted:,} can be asked now; answer some and run it again, or "
            "set --share."
        )
    elif daily < plan.wanted:
        found.append(
            f"At most {limits.daily:,} are asked in 24 hours: {counted(daily, 'question')} of {plan.wanted:,} can be "
            "asked now. Run it again tomorrow, or set --daily."
        )
    short = [each for each in plan.labels if each.short]
    if short:
        named = ", ".join(f"{each.label} {each.short:,}" for each in short[:5])
        more = f" and {len(short) - 5} more labels" if len(short) > 5 else ""
        found.append(f"There are no more pictures to ask about for {named}{more}: all that are left were asked about.")
    return found


def _left_out(plan: Plan) -> list[str]:
    if not plan.left_out:
        return []
    labels, wait = ("label is", "it waits") if plan.left_out == 1 else ("labels are", "they wait")
    return [
        f"{plan.left_out:,} more {labels} on enough pictures, but {wait} for a later run; --labels asks about one now."
    ]


def _next(plan: Plan, limits: Limits, *, dry_run: bool) -> str:
    if dry_run and plan.asked:
        return f"Nothing was asked. Next: the same without --dry-run asks {counted(plan.asked, 'question')}."
    if plan.waiting:
        waiting = [each for each in plan.labels if each.waiting or each.now]
        tag = f" --tag {shlex.quote(waiting[0].tag)}" if len(waiting) == 1 else ""
        return (
            f"Next: answer them, with autotag review go{tag} or autotag console. Then {SUGGEST} proposes thresholds; "
            "the more are answered, the surer it is."
        )
    more = min(MOST_PER_LABEL, 2 * limits.per_label)
    able = more > limits.per_label and not all(each.short for each in plan.labels)
    further = f"; where that is not sure yet, --per-label {more} asks more" if able else ""
    return f"Every question is answered. Next: {SUGGEST}{further}."
