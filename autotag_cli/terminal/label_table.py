"""The outcome of each label as a table, for any width of the terminal.

In a wide terminal, each value has its own column. In a narrower one, outcome, tag and reason share a column, then the
bar is left out, too, and in the narrowest all values share one column. A reason is never cut off: it is folded, at
its dots and spaces if possible.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autotag.domain.model.outcome import LabelOutcome
from autotag_cli.terminal.confidence_bar import confidence_bar, confidence_comparison
from autotag_cli.terminal.output import columns_table, plain, printable

STYLES = {
    "kept": "green",
    "present": "green",
    "parent": "green",
    "added": "green",
    "translated": "green",
    "merged": "cyan",
    "given": "cyan",
    "review": "yellow",
    "below_threshold": "bright_black",
    "not_agreed": "bright_black",
    "ancestor": "bright_black",
    "invalid": "red",
}
"""Colors of label outcomes. Any other outcome (denied, suppressed, …) means that rules or people excluded the label."""

_NEAR_MISSES = 3
_GAP = 2
_READABLE_REASON = 30
"""Columns in which a long reason is still readable when it is folded."""
_OUTCOME_COLUMN = 34
"""Columns that outcome, tag and reason need if they share one."""
_MIN_OUTCOME_COLUMN = 20
"""Columns that this shared column needs at least; with fewer, all values share one."""
_MAX_NAME = 24
"""Columns, or a third of the terminal if that is more, that a label or a tag may take before it is folded."""


def style_of(outcome: str) -> str:
    """Return the color of a label's outcome."""
    return STYLES.get(outcome, "magenta")


def without_distant_misses(labels: Sequence[LabelOutcome]) -> tuple[list[LabelOutcome], int]:
    """Return the labels without those far below their threshold, and the number of these."""
    misses = [label for label in labels if label.outcome == "below_threshold"]
    hidden = misses[_NEAR_MISSES:] if len(misses) > _NEAR_MISSES + 1 else []
    far = set(map(id, hidden))
    return [label for label in labels if id(label) not in far], len(hidden)


def label_table(console: Console, labels: Iterable[LabelOutcome]) -> Table:
    """Return a table of labels, each with its confidence against its threshold, its outcome and the reason."""
    labels = list(labels)
    longest, ascii_only = max(_MAX_NAME, console.width // 3), console.options.ascii_only
    several = len({label.provider for label in labels if label.provider}) > 1
    bars = [confidence_bar(x.confidence, x.threshold, style_of(x.outcome), ascii_only=ascii_only) for x in labels]
    numbers = [confidence_comparison(x.confidence, x.threshold, ascii_only=ascii_only) for x in labels]
    outcomes = [plain(x.outcome.replace("_", " "), style_of(x.outcome)) for x in labels]
    tags = [plain(x.tag or "", style_of(x.outcome)) for x in labels]
    renamed = any(x.tag not in (None, x.label) for x in labels)

    wide = [
        _column("Label", [plain(x.label) for x in labels], longest),
        *([_column("Provider", [plain(x.provider or "") for x in labels])] if several else []),
        _column("Confidence, threshold", bars),
        _column("Outcome", outcomes),
        *([_column("Tag", tags, longest)] if renamed else []),
    ]
    width = _free_width(console, wide)
    if width >= min(_READABLE_REASON, max((cell_len(printable(x.because)) for x in labels), default=0)):
        return _table(wide, "Reason", [fold_reason(x.because, width) for x in labels])

    names = _column("Label", [_with_provider(x) if several else plain(x.label) for x in labels], longest)
    narrow = [names, _column("Confidence, threshold", bars)]
    if _free_width(console, narrow) < _OUTCOME_COLUMN:
        narrow = [names, _column("Confidence", numbers)]
    width = _free_width(console, narrow)
    if width < _MIN_OUTCOME_COLUMN:
        combined = [
            _outcome_and_reason(label, outcome, console.width) for label, outcome in zip(labels, outcomes, strict=True)
        ]
        blocks = [
            Text.assemble(Text(name.plain, "bold"), "  ", number, "\n", outcome_text)
            for name, number, outcome_text in zip(names.cells, numbers, combined, strict=True)
        ]
        return _table([], "Label, confidence, outcome and reason", blocks)
    combined = [_outcome_and_reason(label, outcome, width) for label, outcome in zip(labels, outcomes, strict=True)]
    return _table(narrow, "Outcome and reason", combined)


_PIECES = re.compile(r'"[^"]*"[. ]?|(?:[^ ."]|\.(?=\d))+[. ]?|.')
"""The parts of a reason that stay together: a quoted name, a part of a path up to its dot, a word."""


def fold_reason(reason: str, width: int) -> Text:
    """Return a reason in lines of at most ``room`` columns. A word is broken only if it does not fit into a line."""
    lines = [""]
    for piece in _PIECES.findall(printable(reason)):
        if lines[-1] and cell_len(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return Text("\n".join(line.rstrip() for line in lines), style="dim", overflow="fold")


class _Column(NamedTuple):
    header: str
    cells: Sequence[Text]
    width: int


def _column(header: str, cells: Sequence[Text], longest: int = 1000) -> _Column:
    widest = max((cell_len(line) for cell in cells for line in cell.plain.split("\n")), default=0)
    return _Column(header, cells, min(longest, max(cell_len(header), widest)))


def _free_width(console: Console, columns: Iterable[_Column]) -> int:
    return console.width - sum(column.width + _GAP for column in columns)


def _table(columns: Sequence[_Column], header: str, cells: Sequence[Text]) -> Table:
    table = columns_table(_GAP)
    for column in columns:
        table.add_column(column.header, overflow="fold", width=column.width)
    table.add_column(header, overflow="fold")
    for row in zip(*(column.cells for column in columns), cells, strict=True):
        table.add_row(*row)
    return table


def _with_provider(label: LabelOutcome) -> Text:
    provider = (f"\n{label.provider}", "dim") if label.provider else ""
    return Text.assemble(plain(label.label), provider, overflow="fold")


def _outcome_and_reason(label: LabelOutcome, outcome: Text, width: int) -> Text:
    if label.tag not in (None, label.label):
        outcome = Text.assemble(outcome, f" as {printable(label.tag or '')}")
    fits = outcome.cell_len + _GAP + cell_len(printable(label.because)) <= width
    return Text.assemble(outcome, " " * _GAP if fits else "\n", fold_reason(label.because, width), overflow="fold")
