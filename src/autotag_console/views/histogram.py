"""How the confidences of one label are spread: its pictures and the verdicts on them, as bars and in words."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from autotag.domain.sentences.numbers import counted, threshold_text

BINS = 20
"""Bars from confidence 0 to 1."""

WIDTH, PICTURES, VERDICTS = 1000, 120, 60
"""Units of the drawing: its width, the height of the bars of pictures, and that of verdicts on each side."""

_GAP = 4
_AXIS = PICTURES + 20 + VERDICTS
"""The height of the line between right and wrong, with a space below the bars of pictures."""


class Bin(Struct, frozen=True):
    """The pictures with a confidence from ``low`` up to ``high``, and how many were judged right or wrong."""

    low: float
    high: float
    pictures: int = 0
    right: int = 0
    wrong: int = 0


class Bar(Struct, frozen=True):
    """A rectangle of the drawing; ``kind`` is pictures, right or wrong."""

    kind: str
    x: float
    y: float
    width: float
    height: float


class Histogram(Struct, frozen=True):
    """The bins from the first that holds anything on, and how they are drawn; ``words`` say the same.

    ``axis`` is the height of the line that verdicts start from; without verdicts the drawing ends there.
    """

    bins: tuple[Bin, ...]
    bars: tuple[Bar, ...]
    words: str
    axis: float
    height: float

    @property
    def judged(self) -> bool:
        """Whether there are verdicts."""
        return self.height > self.axis

    @property
    def low(self) -> str:
        """The confidence at which the drawing begins, as text."""
        return threshold_text(self.bins[0].low) if self.bins else "0.00"

    def place(self, confidence: float) -> float:
        """Return the place of a confidence (0-1) on the drawing's width."""
        low = self.bins[0].low if self.bins else 0.0
        return round(WIDTH * (confidence - low) / (1 - low), 1) if confidence > low else 0.0


def histogram(
    label: str,
    pictures: Mapping[float, float],
    right: Mapping[float, float],
    wrong: Mapping[float, float],
    *,
    whole: bool = False,
) -> Histogram:
    """Return the histogram of a label; the numbers are by confidence (0-1). Parts of a verdict are shown as one.

    ``whole``: it is drawn from confidence 0 on.
    """
    totals = [_binned(each) for each in (pictures, right, wrong)]
    held = [n for n in range(BINS) if any(total[n] for total in totals)]
    first = 0 if whole else min(held, default=0)
    bins = tuple(
        Bin(round(n / BINS, 4), round((n + 1) / BINS, 4), *(total[n] for total in totals)) for n in range(first, BINS)
    )
    judged = any(each.right or each.wrong for each in bins)
    axis, height = (_AXIS, _AXIS + VERDICTS) if judged else (PICTURES, PICTURES)
    return Histogram(bins, tuple(_bars(bins)), _words(label, bins), axis, height)


def _binned(numbers: Mapping[float, float]) -> list[int]:
    found = [0.0] * BINS
    for confidence, number in numbers.items():
        found[min(BINS - 1, int(confidence * BINS + 1e-9))] += number
    return [max(1, round(number)) if number > 1e-9 else 0 for number in found]


def _bars(bins: tuple[Bin, ...]) -> Iterable[Bar]:
    width = WIDTH / len(bins)
    most = max((each.pictures for each in bins), default=0) or 1
    verdicts = max((max(each.right, each.wrong) for each in bins), default=0) or 1
    for n, each in enumerate(bins):
        x, inner = round(n * width + _GAP / 2, 1), round(width - _GAP, 1)
        for kind, number, whole, room in (
            ("pictures", each.pictures, most, PICTURES),
            ("right", each.right, verdicts, VERDICTS),
            ("wrong", each.wrong, verdicts, VERDICTS),
        ):
            if number:
                height = round(max(2.0, room * number / whole), 1)
                top = {"pictures": PICTURES - height, "right": _AXIS - height, "wrong": float(_AXIS)}[kind]
                yield Bar(kind, x, round(top, 1), inner, height)


def _words(label: str, bins: tuple[Bin, ...]) -> str:
    pieces = [
        f"{threshold_text(each.low)} to {threshold_text(each.high)}: {counted(each.pictures, 'picture')}"
        + (f", {each.right:,} judged right, {each.wrong:,} wrong" if each.right or each.wrong else "")
        for each in bins
        if each.pictures or each.right or each.wrong
    ]
    return f"{label} by confidence. {'; '.join(pieces) or 'No picture has it'}."
