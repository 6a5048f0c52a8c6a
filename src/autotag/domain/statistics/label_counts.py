"""What became of each label of a library, counted asset by asset: memory grows with labels, never with assets."""

from array import array
from collections import Counter

from msgspec import Struct, field

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import REKOGNITION, label_key, label_keys, unusable
from autotag.domain.statistics.label_tags import LabelTags

STEPS = 100
"""Steps of confidence from 0 to 1 in which labels are counted; quantiles are as exact as these."""


Detected = tuple[int, tuple[str, ...]]
"""When Rekognition answered (unix milliseconds), and the categories of a label in that answer."""


def step_of(confidence: float) -> int:
    """Return the step of a confidence (0 to 1); 1 is in the last one."""
    return min(STEPS - 1, int(confidence * STEPS + 1e-9))


def _no_assets() -> "array[int]":
    return array("Q", bytes(8 * STEPS))


class LabelCounts(Struct):
    """One label: ``steps`` count its assets by confidence.

    ``tagged``: assets with a managed tag that rules may make of it. ``in_review``: those where such a tag waits for a
    person's answer. ``name`` is the first of its spellings in the order of characters.
    """

    name: str
    steps: "array[int]" = field(default_factory=_no_assets)
    tagged: int = 0
    in_review: int = 0

    @property
    def assets(self) -> int:
        """Return the number of assets with the label."""
        return sum(self.steps)

    def quantile(self, part: float) -> float:
        """Return the confidence at ``part`` (0 to 1) of its assets, rounded down to a step; 0 without assets."""
        left = part * self.assets
        for step, assets in enumerate(self.steps):
            left -= assets
            if assets and left <= 1e-9:
                return step / STEPS
        return 0.0

    def merge(self, other: "LabelCounts") -> None:
        """Add the counts of other assets."""
        self.name = min(self.name, other.name)
        self.steps = array("Q", map(sum, zip(self.steps, other.steps, strict=True)))
        self.tagged += other.tagged
        self.in_review += other.in_review


class LibraryLabels(Struct):
    """The labels of ``assets``, by their keys; a label that an asset has several times counts once, at its highest.

    ``removed`` counts the assets of which a person removed the tag of a label, by the label's key. ``detected`` are the
    categories that the last answer by Rekognition itself gave a label, with its time (unix milliseconds).
    """

    assets: int = 0
    labels: dict[str, LabelCounts] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)
    detected: dict[str, Detected] = field(default_factory=dict)

    def add(self, scanned: ScannedAsset, tags: LabelTags, provider: str | None = None) -> None:
        """Count one asset. ``provider``: count its labels alone; None is all providers."""
        self.assets += 1
        highest: dict[str, float] = {}
        for of, labels in scanned.complete_labels().items():
            if provider in (None, of):
                for label in labels:
                    if not unusable(label):
                        key = label_key(label.name)
                        self._named(key, label.name)
                        highest[key] = max(label.confidence, highest.get(key, 0.0))
        answer = scanned.categorizations.get(REKOGNITION)
        if answer is not None and provider in (None, REKOGNITION):
            for key, relations in answer.about.items():
                if relations.categories:
                    self._keep_newest(key, (answer.observed_at, relations.categories))
        managed, review = label_keys(scanned.managed_tags), label_keys(scanned.review)
        for key, confidence in highest.items():
            counts = self.labels[key]
            counts.steps[step_of(confidence)] += 1
            if managed or review:
                given = tags.keys_of(key)
                counts.tagged += not managed.isdisjoint(given)
                counts.in_review += not review.isdisjoint(given)
        self.removed.update(
            {
                key
                for said in scanned.preferences
                if said.want == "remove" and not said.withdrawn
                for key in said.labels or (label_key(said.tag),)
            }
        )

    def _keep_newest(self, key: str, detected: Detected) -> None:
        self.detected[key] = max(self.detected.get(key, detected), detected)

    def _named(self, key: str, name: str) -> None:
        counts = self.labels.get(key)
        if counts is None:
            self.labels[key] = LabelCounts(name)
        elif name < counts.name:
            counts.name = name

    def merge(self, other: "LibraryLabels") -> None:
        """Add the counts of other assets."""
        self.assets += other.assets
        self.removed.update(other.removed)
        for key, detected in other.detected.items():
            self._keep_newest(key, detected)
        for key, counts in other.labels.items():
            known = self.labels.get(key)
            if known is None:
                self.labels[key] = counts
            else:
                known.merge(counts)

    def ranked(self) -> list[tuple[str, LabelCounts]]:
        """Return the labels with their keys, those on most assets first."""
        return sorted(self.labels.items(), key=lambda item: (-item[1].assets, item[1].name))
