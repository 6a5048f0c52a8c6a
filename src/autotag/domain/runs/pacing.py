"""The pace of a run: spreads its groups over time, so that event consumers can keep up."""

from collections.abc import Iterable
from typing import NamedTuple

from autotag.domain.runs.progress import Group

AHEAD = 120
"""Seconds of work that may wait in the queue: longer than the time between two checks of a run."""

STRETCH = 400
"""Seconds of work that the pages planned at the same time may add, one of each segment.

Together with ``AHEAD`` this is less than a message can be delayed.
"""


class Slot(NamedTuple):
    """A group and the delay in seconds before which it must not be processed."""

    group: Group
    delay: int


def page_limit(most: int, rate: int, segments: int) -> int:
    """Return how many assets a page may have, ``most`` at the most, so that a run keeps its pace."""
    return max(1, min(most, STRETCH * rate // segments))


def duration(groups: Iterable[Group], rate: int) -> int:
    """Return the milliseconds that ``groups`` take at ``rate`` assets a second."""
    return sum(-(-len(group.asset_ids) * 1000 // rate) for group in groups)


def schedule(groups: Iterable[Group], rate: int, at: int, now: int) -> list[Slot]:
    """Schedule each group after those before it, the first one at ``at`` (ms)."""
    slots = []
    for group in groups:
        slots.append(Slot(group, max(0, at - now) // 1000))
        at += duration([group], rate)
    return slots
