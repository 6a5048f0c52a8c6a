"""What became of each label, as a table that people read."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autotag.domain.outcome import LabelOutcome
from cli.output import plain

_CELLS = 10
_DRAWN, _ASCII = ("━", "┈", "┃"), ("=", ".", "|")

STYLES = {
    "kept": "green",
    "present": "green",
    "parent": "green",
    "added": "green",
    "merged": "cyan",
    "review": "yellow",
    "below_threshold": "bright_black",
    "invalid": "red",
}
"""Colours of label outcomes; any other (denied, suppressed, …) is one that rules or people took away."""

_NEAR_MISSES = 3

_WIDE = 100
"""Columns from which there is room for tags that are spelt like their labels."""


def style_of(outcome: str) -> str:
    """Return the colour of a label's outcome."""
    return STYLES.get(outcome, "magenta")


def number(value: float) -> str:
    """Return a confidence (0-1) with four decimals, or six where four would round it."""
    return f"{value:.4f}" if round(value, 4) == value else f"{value:.6f}"


def bar(confidence: float, threshold: float | None, style: str, *, ascii_only: bool = False) -> Text:
    """Draw a confidence with a mark at its threshold; it reaches the mark exactly where it is not below."""
    full, empty, mark = _ASCII if ascii_only else _DRAWN
    filled, at = int(confidence * _CELLS), None
    if threshold is not None:
        at = min(_CELLS - 1, int(threshold * _CELLS))
        filled = min(filled, at - 1) if confidence < threshold else max(filled, at)
    cells = [(full, style) if i < filled else (empty, "bright_black") for i in range(_CELLS)]
    if at is not None:
        cells[at] = (mark, "bold")
    return Text.assemble(*(("".join(c for c, _ in run), style) for style, run in groupby(cells, lambda cell: cell[1])))


def near(labels: Sequence[LabelOutcome]) -> tuple[list[LabelOutcome], int]:
    """Return the labels without those far below their threshold, and how many these are."""
    misses = [label for label in labels if label.outcome == "below_threshold"]
    hidden = misses[_NEAR_MISSES:] if len(misses) > _NEAR_MISSES + 1 else []
    far = set(map(id, hidden))
    return [label for label in labels if id(label) not in far], len(hidden)


def label_table(console: Console, labels: Iterable[LabelOutcome]) -> Table:
    """Return a table of labels, each with its confidence against its threshold, its outcome and the reason."""
    labels = list(labels)
    by_provider = len({label.provider for label in labels if label.provider}) > 1
    with_tags = console.width >= _WIDE or any(label.tag not in (None, label.label) for label in labels)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("Label", *(("Provider",) if by_provider else ())):
        table.add_column(name, overflow="fold")
    table.add_column("Confidence and threshold", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    for name in (*(("Tag",) if with_tags else ()), "Reason"):
        table.add_column(name, overflow="fold")
    for label in labels:
        style = style_of(label.outcome)
        table.add_row(
            plain(label.label),
            *((plain(label.provider or ""),) if by_provider else ()),
            _measured(label, style, ascii_only=console.options.ascii_only),
            plain(label.outcome.replace("_", " "), style),
            *((plain(label.tag or "", style),) if with_tags else ()),
            plain(label.because, "dim"),
        )
    return table


def _measured(label: LabelOutcome, style: str, *, ascii_only: bool) -> Text:
    drawn = bar(label.confidence, label.threshold, style, ascii_only=ascii_only)
    threshold = "" if label.threshold is None else f" {_short(label.threshold)}"
    return Text.assemble(f"{number(label.confidence)} ", drawn, (threshold, "dim"))


def _short(threshold: float) -> str:
    text = number(threshold)
    while text.endswith("0") and len(text) > len("0.00"):
        text = text[:-1]
    return text
