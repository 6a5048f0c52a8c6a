"""How many assets gain and lose each tag, counted as they pass; nothing of an asset is kept but a few examples."""

from bisect import insort
from collections.abc import Iterable

from msgspec import Struct


class Effect(Struct):
    """What happens to one tag: how many assets gain and lose it, and the first of them by name."""

    gained: int = 0
    lost: int = 0
    gained_by: list[str] = []
    lost_by: list[str] = []


class Tally(Struct):
    """Everything that was counted.

    ``undecided`` are assets without labels of a provider that counts: rules do nothing to them. ``examples`` bounds the
    assets that are named for each tag and direction. The order of assets never matters.
    """

    examples: int
    assets: int = 0
    undecided: int = 0
    changed: int = 0
    tags: dict[str, Effect] = {}

    def skip(self) -> None:
        """Count an asset that has no labels."""
        self.assets += 1
        self.undecided += 1

    def add(self, name: str, gained: Iterable[str], lost: Iterable[str]) -> None:
        """Count one asset, called ``name``."""
        changed = False
        for tag in gained:
            effect = self._effect(tag)
            effect.gained += 1
            self._exemplify(effect.gained_by, name)
            changed = True
        for tag in lost:
            effect = self._effect(tag)
            effect.lost += 1
            self._exemplify(effect.lost_by, name)
            changed = True
        self.assets += 1
        self.changed += changed

    def join(self, other: "Tally") -> None:
        """Count what ``other`` has counted on other assets."""
        for tag, theirs in other.tags.items():
            effect = self._effect(tag)
            effect.gained += theirs.gained
            effect.lost += theirs.lost
            for names, more in ((effect.gained_by, theirs.gained_by), (effect.lost_by, theirs.lost_by)):
                names[:] = sorted(names + more)[: self.examples]
        self.assets += other.assets
        self.undecided += other.undecided
        self.changed += other.changed

    def ranked(self) -> list[tuple[str, Effect]]:
        """Return the tags, those of most assets first."""
        return sorted(self.tags.items(), key=lambda item: (-item[1].gained - item[1].lost, item[0]))

    def _effect(self, tag: str) -> Effect:
        return self.tags.setdefault(tag, Effect())

    def _exemplify(self, names: list[str], name: str) -> None:
        if len(names) < self.examples or (names and name < names[-1]):
            insort(names, name)
            del names[self.examples :]
