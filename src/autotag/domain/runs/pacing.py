"""How fast a run goes: its groups are spread over time, for whoever listens to events must keep up with them."""

from collections.abc import Iterable
from typing import NamedTuple

from autotag.domain.runs.run import Group

AHEAD = 120
"""Seconds of work that may wait in the queue: more than passes from one look at a run to the next."""

STRETCH = 300
"""Seconds of work that a page may add; together with what may wait already they are less than a message can wait."""


class Slot(NamedTuple):
    """``group`` is to be handled in ``delay`` seconds at the earliest."""

    group: Group
    delay: int


def spread(groups: Iterable[Group], rate: int, free_at: int, now: int) -> tuple[list[Slot], int]:
    """Give each group its time, at ``rate`` assets a second, behind what fills the time until ``free_at`` (ms).

    Return them, and when they are through.
    """
    at = max(now, free_at)
    slots = []
    for group in groups:
        slots.append(Slot(group, (at - now) // 1000))
        at += -(-len(group.asset_ids) * 1000 // rate)
    return slots, at
