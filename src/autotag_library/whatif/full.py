"""What changes on whole assets, as the engine of the service says: for those that columns do not suffice for."""

from collections.abc import Iterator
from pathlib import Path

from autotag.domain.decisions.compare import ChangedTags, changes_if_decided
from autotag.domain.decisions.compare_questions import NO_QUESTIONS, ChangedQuestions, changed_questions
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import label_keys
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag_library.arrays import Longs
from autotag_library.columns.rows import assets_of
from autotag_library.whatif.compare import FullEngine


def full_engine(file: Path, old: Ruleset, new: Ruleset, *, questions: bool = False) -> FullEngine:
    """Return a function that decides on the assets of a columnar export; ``questions`` as for ``compare``."""

    def decide(rows: Longs) -> Iterator[tuple[int, ChangedTags | None, ChangedQuestions]]:
        for row, asset in assets_of(file, rows.tolist()):
            changed = questions_of_asset(asset, old, new) if questions else NO_QUESTIONS
            yield row, changes_of_asset(asset, old, new), changed

    return decide


def changes_of_asset(asset: ScannedAsset, old: Ruleset, new: Ruleset) -> ChangedTags | None:
    """Return what changes on an asset; None if no provider of the new rules has labels of it."""
    return changes_if_decided(
        asset.complete_labels(),
        asset.subject(),
        old,
        new,
        people=label_keys(asset.person_tags),
        retainable=asset.retainable_tags,
    )


def questions_of_asset(asset: ScannedAsset, old: Ruleset, new: Ruleset) -> ChangedQuestions:
    """Return the questions that come and go on an asset."""
    return changed_questions(asset.complete_labels(), asset.subject(), old, new, people=label_keys(asset.person_tags))
