"""Counts of the assets that gain and lose each tag. Of the assets, only a few names are kept as examples."""

from bisect import insort
from collections.abc import Iterable

from msgspec import Struct


class TagCounts(Struct):
    """The changes of one tag: how many assets gain and lose it, and the first of them by name."""

    gained: int = 0
    lost: int = 0
    gained_by: list[str] = []
    lost_by: list[str] = []


class TagChangeCounts(Struct):
    """The counts of all tags. They do not depend on the order of assets.

    ``undecided``: assets without labels of a provider that the rules use, so that rules do nothing to them.
    ``examples``: the highest number of assets to name for each tag and direction.
    """

    examples: int
    assets: int = 0
    undecided: int = 0
    changed: int = 0
    tags: dict[str, TagCounts] = {}

    def count_undecided(self) -> None:
        """Count an asset that has no labels."""
        self.assets += 1
        self.undecided += 1

    def count(self, name: str, gained: Iterable[str], lost: Iterable[str]) -> None:
        """Count one asset, called ``name``."""
        changed = False
        for tag in gained:
            change = self._change_of(tag)
            change.gained += 1
            self._add_example(change.gained_by, name)
            changed = True
        for tag in lost:
            change = self._change_of(tag)
            change.lost += 1
            self._add_example(change.lost_by, name)
            changed = True
        self.assets += 1
        self.changed += changed

    def merge(self, other: "TagChangeCounts") -> None:
        """Add the counts of ``other``, which are of other assets."""
        for tag, added in other.tags.items():
            change = self._change_of(tag)
            change.gained += added.gained
            change.lost += added.lost
            for names, more in ((change.gained_by, added.gained_by), (change.lost_by, added.lost_by)):
                names[:] = sorted(names + more)[: self.examples]
        self.assets += other.assets
        self.undecided += other.undecided
        self.changed += other.changed

    def ranked(self) -> list[tuple[str, TagCounts]]:
        """Return the tags, those that change on most assets first."""
        return sorted(self.tags.items(), key=lambda item: (-item[1].gained - item[1].lost, item[0]))

    def _change_of(self, tag: str) -> TagCounts:
        return self.tags.setdefault(tag, TagCounts())

    def _add_example(self, names: list[str], name: str) -> None:
        if len(names) < self.examples or (names and name < names[-1]):
            insort(names, name)
            del names[self.examples :]
