"""The pace of a run: spreads its groups over time, so that event consumers can keep up."""

from collections.abc import Iterable
from typing import NamedTuple

from autotag.domain.runs.run import Group

AHEAD = 120
"""Seconds of work that may wait in the queue: longer than the time between two checks of a run."""

STRETCH = 300
"""Seconds of work that one page may add. Together with ``AHEAD`` this is less than a message can be delayed."""


class Slot(NamedTuple):
    """A group and the delay in seconds before which it must not be processed."""

    group: Group
    delay: int


def schedule(groups: Iterable[Group], rate: int, free_at: int, now: int) -> tuple[list[Slot], int]:
    """Schedule each group, at ``rate`` assets a second, after the work that takes until ``free_at`` (ms).

    Return the slots, and the time (ms) at which the last one ends.
    """
    at = max(now, free_at)
    slots = []
    for group in groups:
        slots.append(Slot(group, (at - now) // 1000))
        at += -(-len(group.asset_ids) * 1000 // rate)
    return slots, at
