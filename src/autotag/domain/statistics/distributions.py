"""How the library is spread: tags by day, confidences by label, people's corrections by label.

Memory grows with days and labels, never with assets.
"""

from array import array
from collections import Counter

from msgspec import Struct

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import label_key

STEPS = 20
"""Steps of confidence from 0 to 1 in which labels are counted."""

_DAY = 86_400_000


class DayCounts(Struct):
    """A day: how many assets had their last decision on it, and how many managed tags these have."""

    assets: int = 0
    tags: int = 0


class Corrections(Struct):
    """What people did to a label's tag: on how many assets they ``added`` it by hand, and ``removed`` it."""

    added: int = 0
    removed: int = 0


class Distributions(Struct):
    """``days`` are by days since 1970 (UTC); an asset without a decision is in none.

    ``confidences`` (assets by step) are by a label's name, ``corrections`` by its key, and ``names`` spell the keys.
    """

    days: dict[int, DayCounts] = {}
    confidences: dict[str, "array[int]"] = {}
    corrections: dict[str, Corrections] = {}
    names: dict[str, str] = {}

    def add(self, scanned: ScannedAsset) -> None:
        """Count one asset."""
        if scanned.decided_at:
            day = self.days.setdefault(scanned.decided_at // _DAY, DayCounts())
            day.assets += 1
            day.tags += len(scanned.managed_tags)
        self._add_labels(scanned)
        self._add_corrections(scanned)

    def _add_labels(self, scanned: ScannedAsset) -> None:
        highest: dict[str, float] = {}
        for labels in scanned.complete_labels().values():
            for label in labels:
                highest[label.name] = max(label.confidence, highest.get(label.name, 0.0))
        for name, confidence in highest.items():
            counts = self.confidences.get(name)
            if counts is None:
                counts = self.confidences[name] = array("Q", bytes(8 * STEPS))
                self.names.setdefault(label_key(name), name)
            counts[min(STEPS - 1, int(confidence * STEPS + 1e-9))] += 1

    def _add_corrections(self, scanned: ScannedAsset) -> None:
        """Count what people did by themselves: an answer is no correction unless it removed a tag."""
        for said in scanned.preferences:
            if said.set_by_upload or (said.answer and said.want == "add"):
                continue
            for key in said.labels or (label_key(said.tag),):
                counts = self.corrections.setdefault(key, Corrections())
                self.names.setdefault(key, said.tag)
                counts.added += said.want == "add"
                counts.removed += said.want == "remove"

    def frequent_labels(self) -> list[str]:
        """Return the labels, those on most assets first."""
        totals = Counter({name: sum(counts) for name, counts in self.confidences.items()})
        return [name for name, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))]
