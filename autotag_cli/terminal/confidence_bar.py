"""A confidence against its threshold: as numbers, as a drawn bar, or as a comparison where there is no room."""

from itertools import groupby

from rich.text import Text

_CELLS = 10
_DRAWN, _ASCII = ("━", "┈", "┃"), ("=", ".", "|")
_FEWEST_DECIMALS = 2


def confidence_text(value: float) -> str:
    """Return a confidence (0-1) with four decimals, or six where four would round it."""
    return f"{value:.4f}" if round(value, 4) == value else f"{value:.6f}"


def threshold_text(threshold: float) -> str:
    """Return a threshold (0-1) with at least two decimals and no more than it needs."""
    whole, decimals = confidence_text(threshold).split(".")
    return f"{whole}.{decimals.rstrip('0'):0<{_FEWEST_DECIMALS}}"


def bar(confidence: float, threshold: float | None, style: str, *, ascii_only: bool = False) -> Text:
    """Draw a confidence with a mark at its threshold. The bar reaches the mark exactly if it is not below."""
    full, empty, mark = _ASCII if ascii_only else _DRAWN
    filled, at = int(confidence * _CELLS), None
    if threshold is not None:
        at = min(_CELLS - 1, int(threshold * _CELLS))
        filled = min(filled, at - 1) if confidence < threshold else max(filled, at)
    cells = [(full, style) if i < filled else (empty, "bright_black") for i in range(_CELLS)]
    if at is not None:
        cells[at] = (mark, "bold")
    return Text.assemble(*(("".join(c for c, _ in run), style) for style, run in groupby(cells, lambda cell: cell[1])))


def confidence_bar(confidence: float, threshold: float | None, style: str, *, ascii_only: bool = False) -> Text:
    """Return both numbers with the bar between them, such as ``0.7046 ━━━━━━━┃┈┈ 0.70``."""
    suffix = "" if threshold is None else f" {threshold_text(threshold)}"
    return Text.assemble(
        f"{confidence_text(confidence)} ", bar(confidence, threshold, style, ascii_only=ascii_only), (suffix, "dim")
    )


def confidence_comparison(confidence: float, threshold: float | None, *, ascii_only: bool = False) -> Text:
    """Return both numbers with a sign between them, such as ``0.7046 ≥ 0.70``."""
    if threshold is None:
        return Text(confidence_text(confidence))
    sign = "<" if confidence < threshold else ">=" if ascii_only else "≥"
    return Text.assemble(confidence_text(confidence), (f" {sign} {threshold_text(threshold)}", "dim"))
