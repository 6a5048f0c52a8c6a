"""The order that ties never disturb: by confidence, then by name, whatever the order of the input."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Protocol

_BY_CONFIDENCE = attrgetter("confidence")


class Sure(Protocol):
    """What has a confidence, 0 to 1."""

    @property
    def confidence(self) -> float: ...


def rank[T: Sure](items: list[T], name: Callable[[T], str]) -> None:
    """Sort ``items`` in place, the most confident first, those of equal confidence by ``name``.

    Most come in order, as providers give them, and few are equal: names are compared only within a run of equals.
    """
    if _descends(items):
        return
    items.sort(key=_BY_CONFIDENCE, reverse=True)
    confidences = [*[item.confidence for item in items], None]  # None ends the last run
    start = 0
    for end, confidence in enumerate(confidences):
        if confidence != confidences[start]:
            if end - start > 1:
                items[start:end] = sorted(items[start:end], key=name)
            start = end


def _descends(items: Sequence[Sure]) -> bool:
    last = 2.0
    for item in items:
        if item.confidence >= last:
            return False
        last = item.confidence
    return True
