"""The table of proposals: as many columns as the terminal has room for, and the names of labels always."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from autotag.domain.learning.outcome import Interval, Moved
from autotag.domain.learning.suggestions import LabelSuggestion
from autotag_cli.terminal.confidence_bar import threshold_text
from autotag_cli.terminal.output import columns_table, plain

_GAP = 2
_ENOUGH, _LEAST = 16, 8
"""Columns for the names of labels that are enough, and the fewest: a longer name goes on in the next line."""


class Form(NamedTuple):
    """What a table says besides the thresholds.

    ``moves``: how many tags come and go; ``right``: how many of those are right; ``shares``: the share of right tags
    now and then; ``bounds``: its intervals.
    """

    moves: bool = True
    right: bool = True
    shares: bool = True
    bounds: bool = True


_FORMS = (Form(), Form(right=False), Form(right=False, bounds=False), Form(False, False, False, False))


class ProposalTable(NamedTuple):
    """A table, and what it says."""

    table: Table
    form: Form


class _Column(NamedTuple):
    title: str
    cells: tuple[str, ...]

    @property
    def width(self) -> int:
        return max(map(len, (self.title, *self.cells)))


def proposal_table(out: Console, proposals: Sequence[LabelSuggestion]) -> ProposalTable:
    """Return a line for each proposal: the first form whose columns fit beside the names of the labels."""
    arrow = "->" if out.options.ascii_only else "→"
    labels = max(len("Label"), *(min(_ENOUGH, len(each.label)) for each in proposals))
    for form in _FORMS:
        columns = _columns(proposals, arrow, form)
        taken = sum(column.width + _GAP for column in columns)
        if (labels if form.bounds else min(labels, _LEAST)) + taken <= out.width:
            break
    table = columns_table(_GAP)
    table.add_column("Label", overflow="fold", min_width=5, max_width=max(_LEAST, out.width - taken))
    for column in columns:
        table.add_column(column.title, justify="right", overflow="fold", min_width=min(6, column.width))
    for n, each in enumerate(proposals):
        table.add_row(plain(each.label), *(column.cells[n] for column in columns))
    return ProposalTable(table, form)


def _columns(proposals: Sequence[LabelSuggestion], arrow: str, form: Form) -> list[_Column]:
    moves = [(each.outcome.come, each.outcome.go) for each in proposals if each.outcome is not None]
    thresholds = tuple(f"{threshold_text(each.present)} {arrow} {_new(each)}" for each in proposals)
    found = [_Column("Threshold", thresholds)]
    for title, moved in (("Come", [come for come, _ in moves]), ("Go", [go for _, go in moves])):
        if form.moves:
            found.append(_Column(title, tuple(f"{each.tags:,}" for each in moved)))
        if form.right:
            found.append(_Column("right of them", tuple(map(right_of, moved))))
    if form.shares:
        found.append(_Column("Right now", tuple(share_text(each.precision, form.bounds) for each in proposals)))
        found.append(_Column("then", tuple(share_text(share_then(each), form.bounds) for each in proposals)))
    return found


def _new(each: LabelSuggestion) -> str:
    return "" if each.proposed is None else threshold_text(each.proposed)


def share_then(each: LabelSuggestion) -> Interval | None:
    """Return the share of right tags under the proposed threshold; None if no tag is left."""
    return each.outcome.precision_new if each.outcome else None


def right_of(moved: Moved) -> str:
    """Return how many of the tags that come or go are expected to be right, with the interval; "" if none move."""
    if not moved.tags:
        return ""
    right = moved.right
    return f"{right.expected:,.0f} ({right.low:,.0f}-{right.high:,.0f})"


def share_text(interval: Interval | None, bounds: bool = True) -> str:
    """Return a share in percent, with its bounds if wanted; "none" if there is no tag."""
    if interval is None:
        return "none"
    return f"{interval.expected:.0%}" + (f" ({interval.low:.0%}-{interval.high:.0%})" if bounds else "")
