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


class ProposalTable(NamedTuple):
    """A table, and whether it says how many of the tags that come and go are right."""

    table: Table
    says_right: bool


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
    for says_right, says_bounds in ((True, True), (False, True), (False, False)):
        columns = _columns(proposals, arrow, says_right=says_right, says_bounds=says_bounds)
        taken = sum(column.width + _GAP for column in columns)
        if labels + taken <= out.width:
            break
    table = columns_table(_GAP)
    table.add_column("Label", overflow="fold", min_width=5, max_width=max(_LEAST, out.width - taken))
    for column in columns:
        table.add_column(column.title, justify="right", overflow="fold", min_width=min(6, column.width))
    for n, each in enumerate(proposals):
        table.add_row(plain(each.label), *(column.cells[n] for column in columns))
    return ProposalTable(table, says_right)


def _columns(proposals: Sequence[LabelSuggestion], arrow: str, *, says_right: bool, says_bounds: bool) -> list[_Column]:
    moves = [(each.outcome.come, each.outcome.go) for each in proposals if each.outcome is not None]
    found = [
        _Column("Threshold", tuple(f"{threshold_text(each.present)} {arrow} {_new(each)}" for each in proposals)),
        _Column("Come", tuple(f"{come.tags:,}" for come, _ in moves)),
        _Column("right of them", tuple(right_of(come) for come, _ in moves)),
        _Column("Go", tuple(f"{go.tags:,}" for _, go in moves)),
        _Column("right of them", tuple(right_of(go) for _, go in moves)),
        _Column("Right now", tuple(_percent(each.precision, says_bounds) for each in proposals)),
        _Column("then", tuple(_percent(_then(each), says_bounds) for each in proposals)),
    ]
    return [each for each in found if says_right or each.title != "right of them"]


def _new(each: LabelSuggestion) -> str:
    return "" if each.proposed is None else threshold_text(each.proposed)


def _then(each: LabelSuggestion) -> Interval | None:
    return each.outcome.precision_new if each.outcome else None


def right_of(moved: Moved) -> str:
    """Return how many of the tags that come or go are expected to be right, with the interval; "" if none move."""
    if not moved.tags:
        return ""
    right = moved.right
    return f"{right.expected:,.0f} ({right.low:,.0f}-{right.high:,.0f})"


def _percent(interval: Interval | None, says_bounds: bool) -> str:
    if interval is None:
        return "none"
    bounds = f" ({interval.low:.0%}-{interval.high:.0%})" if says_bounds else ""
    return f"{interval.expected:.0%}{bounds}"
