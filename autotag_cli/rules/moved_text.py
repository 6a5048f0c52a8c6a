"""What a command says of labels that joined or left a category."""

from autotag.domain.rules_text.categories import MovedLabels

_SHOWN = 20
"""Labels of a category that are shown at most."""


def moved_text(moved: MovedLabels) -> str:
    """Return which labels joined a category and which left it."""
    ways = ((moved.joined, "joined"), (moved.left, "left"))
    said = (f"{_some(labels)} {way}" for labels, way in ways if labels)
    return f'categories."{moved.category}": {", ".join(said)}'


def _some(labels: tuple[str, ...]) -> str:
    more = len(labels) - _SHOWN
    return ", ".join(labels[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
