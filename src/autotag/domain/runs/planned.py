"""What a run would change, as the ops function answers it page by page, and the sums of all pages."""

from collections import Counter

from msgspec import Struct, field

from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.model.asset import AssetRef
from autotag.domain.runs.progress import GROUP


class Planned(Struct, frozen=True):
    """One asset and what would change: tags to add and remove, and the tags to review afterwards.

    ``renamed`` pairs the index of a removed tag with that of the added one that takes its place; an older service
    names none.
    """

    asset: AssetRef
    add: tuple[str, ...]
    remove: tuple[str, ...]
    review: tuple[str, ...]
    renamed: tuple[tuple[int, int], ...] = ()

    @property
    def renames(self) -> list[tuple[str, str]]:
        """Return each removed tag that is replaced, with the added one that takes its place."""
        sizes = len(self.remove), len(self.add)
        pairs = ((old, new) for old, new in self.renamed if 0 <= old < sizes[0] and 0 <= new < sizes[1])
        return [(self.remove[old], self.add[new]) for old, new in pairs]


class PlanPage(Struct, frozen=True):
    """Of ``seen`` assets, those that would change. ``cursor``: where the next page begins, None on the last one."""

    seen: int
    assets: tuple[Planned, ...]
    cursor: str | None


EXAMPLES = 3
"""Assets that are named for each tag that changes."""


class PlanTotals(Struct):
    """The sums of the pages of a plan. On ``state_only`` assets no tag changes, only what is stored of them.

    ``calls`` are those of Cloudinary's Upload API if every page is carried out for itself; a run, whose pages are
    larger, makes about as many or fewer.
    """

    seen: int = 0
    state_only: int = 0
    calls: int = 0
    tags: TagChangeCounts = field(default_factory=lambda: TagChangeCounts(EXAMPLES))

    @property
    def changed(self) -> int:
        """Return on how many assets tags would change."""
        return self.tags.changed

    def add(self, page: PlanPage) -> None:
        """Count a page."""
        self.seen += page.seen
        alike = Counter[tuple[str, str, tuple[str, ...], tuple[str, ...]]]()
        for planned in page.assets:
            asset = planned.asset
            self.tags.count(asset.public_id or asset.asset_id, planned.add, planned.remove, planned.renames)
            self.state_only += not (planned.add or planned.remove)
            alike[asset.resource_type, asset.type, planned.add, planned.remove] += 1
        for (_, _, add, remove), assets in alike.items():
            self.calls += (bool(add) + bool(remove)) * -(-assets // GROUP)
