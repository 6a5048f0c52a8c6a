"""A ranking that never depends on the order of the input: by confidence, then by name."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Protocol

_BY_CONFIDENCE = attrgetter("confidence")


class Sure(Protocol):
    """An item with a confidence, 0 to 1."""

    @property
    def confidence(self) -> float: ...


def ranked[T: Sure](items: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """Return ``items`` by descending confidence, those of equal confidence by ``name``."""
    found = list(items)
    last = 2.0
    for item in found:
        if item.confidence >= last:
            _sort(found, name)
            break
        last = item.confidence
    return found  # usually in the given order, since providers mostly return labels in this order


def _sort[T: Sure](items: list[T], name: Callable[[T], str]) -> None:
    """Sort in place. Few confidences are equal, so names are compared only within runs of equal confidence."""
    items.sort(key=_BY_CONFIDENCE, reverse=True)
    confidences = [*[item.confidence for item in items], None]  # None ends the last run
    start = 0
    for end, confidence in enumerate(confidences):
        if confidence != confidences[start]:
            if end - start > 1:
                items[start:end] = sorted(items[start:end], key=name)
            start = end
