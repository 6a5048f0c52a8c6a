"""What changes on whole assets, as the engine of the service says: for those that columns do not suffice for."""

from collections.abc import Iterator
from pathlib import Path

from autotag.domain.decisions.compare import ChangedTags, changed_tags
from autotag.domain.decisions.tag_providers import retainable_tags
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import label_keys
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag_library.arrays import Longs
from autotag_library.columns.rows import assets_of
from autotag_library.whatif.compare import LEAVES_ALONE, FullEngine


def full_engine(file: Path, old: Ruleset, new: Ruleset) -> FullEngine:
    """Return a function that decides on the assets of a columnar export."""

    def decide(rows: Longs) -> Iterator[tuple[int, ChangedTags | None]]:
        for row, asset in assets_of(file, rows.tolist()):
            yield row, changes_of_asset(asset, old, new)

    return decide


def changes_of_asset(asset: ScannedAsset, old: Ruleset, new: Ruleset) -> ChangedTags | None:
    """Return what changes on an asset; None if no provider of the new rules has labels of it."""
    labels = asset.complete_labels()
    if labels.keys().isdisjoint(new.providers):
        return None
    before = LEAVES_ALONE if labels.keys().isdisjoint(old.providers) else old
    retainable = _retainable(asset, before), _retainable(asset, new)
    people = label_keys(asset.person_tags)
    return changed_tags(labels, asset.subject(), before, new, people=people, retainable=retainable)


def _retainable(asset: ScannedAsset, ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
    if not asset.tag_sources:
        return {}
    return retainable_tags(asset.results_of(ruleset.providers), asset.tag_sources, asset.tag_providers)
