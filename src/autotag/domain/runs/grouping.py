"""The groups of a page: assets with the same change side by side, and as many different changes as one worker can make.

A change is one or two calls (tags to add, tags to remove) for all assets that need it, so a group makes at most twice
``CHANGES`` calls, however unlike its assets are.
"""

from collections.abc import Iterable, Sequence

from autotag.domain.runs.asset_change import PlannedChange
from autotag.domain.runs.progress import CHANGES, GROUP
from autotag.domain.runs.retag import Difference


def grouped(planned: Iterable[PlannedChange], most: int = GROUP) -> list[tuple[str, ...]]:
    """Return the ids of the planned assets in groups of up to ``most``, as few groups as can be."""
    return filled(_alike(planned), most)


def filled(alike: Iterable[Sequence[str]], most: int) -> list[tuple[str, ...]]:
    """Return groups filled with sets of ids, each set of which is one change; the largest sets come first.

    A set is cut only where it is larger than a group: cutting it elsewhere would repeat its calls.
    """
    parts = [ids[start : start + most] for ids in alike for start in range(0, len(ids), most)]
    groups: list[_Filling] = []
    for part in sorted(parts, key=len, reverse=True):
        room = next((group for group in groups if group.changes < CHANGES and len(group.ids) + len(part) <= most), None)
        if room is None:
            room = _Filling()
            groups.append(room)
        room.ids.extend(part)
        room.changes += 1
    return [tuple(group.ids) for group in groups]


class _Filling:
    """A group that is being filled."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.changes = 0


def _alike(planned: Iterable[PlannedChange]) -> Iterable[list[str]]:
    """Return the ids of the assets of each change."""
    sets: dict[tuple[str, str, Difference], list[str]] = {}
    for state, change in planned:
        asset, difference = state.asset, change.difference
        same = Difference(tuple(sorted(difference.add)), tuple(sorted(difference.remove)), ())
        sets.setdefault((asset.resource_type, asset.type, same), []).append(asset.asset_id)
    return sets.values()
