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


class Rename(Struct):
    """A tag that is written under another name: on how many assets, and the first of them by name."""

    old: str
    new: str
    assets: int = 0
    examples: list[str] = []


class TagChangeCounts(Struct):
    """The counts of all tags. They do not depend on the order of assets.

    In ``tags`` a rename counts as a loss and a gain; ``renames`` holds the renames, and ``besides`` all other changes.

    ``undecided``: assets without labels of a provider that the rules use, so that rules do nothing to them.
    ``without_metadata``: assets whose structured metadata was never seen, where the new rules ask for it.
    ``examples``: the highest number of assets to name for each tag and direction.
    """

    examples: int
    assets: int = 0
    undecided: int = 0
    changed: int = 0
    tags: dict[str, TagCounts] = {}
    renames: dict[str, Rename] = {}
    besides: dict[str, TagCounts] = {}
    without_metadata: int = 0

    def count_undecided(self) -> None:
        """Count an asset that has no labels."""
        self.assets += 1
        self.undecided += 1

    def count(
        self, name: str, gained: Iterable[str], lost: Iterable[str], renamed: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Count one asset, called ``name``; ``renamed`` pairs what it loses with what it gains in its place."""
        gained, lost, renamed = set(gained), set(lost), tuple(renamed)
        _count(self.tags, name, gained, lost, self.examples)
        kept_apart = gained.difference(new for _, new in renamed), lost.difference(old for old, _ in renamed)
        _count(self.besides, name, *kept_apart, self.examples)
        for old, new in renamed:
            rename = self._rename_of(old, new)
            rename.assets += 1
            _add_example(rename.examples, name, self.examples)
        changed = bool(gained or lost)
        self.assets += 1
        self.changed += changed

    def merge(self, other: "TagChangeCounts") -> None:
        """Add the counts of ``other``, which are of other assets."""
        _merge(self.tags, other.tags, self.examples)
        _merge(self.besides, other.besides, self.examples)
        for added_rename in other.renames.values():
            rename = self._rename_of(added_rename.old, added_rename.new)
            rename.assets += added_rename.assets
            rename.examples[:] = sorted(rename.examples + added_rename.examples)[: self.examples]
        self.assets += other.assets
        self.undecided += other.undecided
        self.without_metadata += other.without_metadata
        self.changed += other.changed

    def ranked(self) -> list[tuple[str, TagCounts]]:
        """Return the tags, those that change on most assets first."""
        return _ranked(self.tags)

    def ranked_renames(self) -> list[Rename]:
        """Return the renames, those on most assets first."""
        return sorted(self.renames.values(), key=lambda each: (-each.assets, each.old, each.new))

    def others(self) -> list[tuple[str, TagCounts]]:
        """Return the tags that change besides renames, with only these changes, those on most assets first."""
        return _ranked(self.besides)

    def _rename_of(self, old: str, new: str) -> Rename:
        return self.renames.setdefault(f"{old}\n{new}", Rename(old, new))


def _ranked(tags: dict[str, TagCounts]) -> list[tuple[str, TagCounts]]:
    return sorted(tags.items(), key=lambda item: (-item[1].gained - item[1].lost, item[0]))


def _count(tags: dict[str, TagCounts], name: str, gained: Iterable[str], lost: Iterable[str], examples: int) -> None:
    for tag in gained:
        change = tags.setdefault(tag, TagCounts())
        change.gained += 1
        _add_example(change.gained_by, name, examples)
    for tag in lost:
        change = tags.setdefault(tag, TagCounts())
        change.lost += 1
        _add_example(change.lost_by, name, examples)


def _merge(tags: dict[str, TagCounts], others: dict[str, TagCounts], examples: int) -> None:
    for tag, added in others.items():
        change = tags.setdefault(tag, TagCounts())
        change.gained += added.gained
        change.lost += added.lost
        for names, more in ((change.gained_by, added.gained_by), (change.lost_by, added.lost_by)):
            names[:] = sorted(names + more)[:examples]


def _add_example(names: list[str], name: str, examples: int) -> None:
    if len(names) < examples or (names and name < names[-1]):
        insort(names, name)
        del names[examples:]
