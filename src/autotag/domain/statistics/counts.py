"""Counts of what a stack holds, taken asset by asset: memory grows with the number of names, never of assets."""

from collections import Counter

from msgspec import UNSET, Struct, field

from autotag.domain.decisions.evaluate import evaluate, subject_of
from autotag.domain.decisions.label_selection import select_for
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.audit import Inputs
from autotag.domain.model.labels import Label, unusable
from autotag.domain.model.outcome import OutcomeKind
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.compiled.settings import Settings, bar_of, review_bar

RECENT = 30 * 86_400_000
"""A month of thirty days, in milliseconds."""


class ThresholdCounts(Struct):
    """One threshold (0 to 1): how many labels reach it, go to review below it, or are dropped."""

    threshold: float
    reached: int = 0
    review: int = 0
    below: int = 0


class PeopleCounts(Struct):
    """Tags that people ``added`` (they stay) or ``removed`` (they stay away), and tags ``set_by_upload``.

    ``assets`` is the number of assets with a tag that a person added or removed.
    """

    added: int = 0
    removed: int = 0
    set_by_upload: int = 0
    assets: int = 0


class MonthCounts(Struct):
    """The last thirty days: assets decided on, those of them with managed tags, and assets labeled, by provider."""

    decided: int = 0
    tagged: int = 0
    labeled: Counter[str] = field(default_factory=Counter)


class Counts(Struct):
    """All counts. ``thresholds`` are by rule path; ``in_review`` counts the assets that have ``tags_in_review``."""

    now: int
    assets: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    labels_on: Counter[int] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[OutcomeKind] = field(default_factory=Counter)
    thresholds: dict[str, ThresholdCounts] = field(default_factory=dict)
    in_review: int = 0
    tags_in_review: int = 0
    people: PeopleCounts = field(default_factory=PeopleCounts)
    month: MonthCounts = field(default_factory=MonthCounts)

    def add(self, scanned: ScannedAsset, ruleset: Ruleset) -> None:
        """Count one asset, with a decision by ``ruleset``."""
        self.assets += 1
        self.statuses[scanned.status] += 1
        self.tags.update(scanned.managed_tags)
        self.in_review += bool(scanned.review)
        self.tags_in_review += len(scanned.review)
        self._count_people(scanned)
        self._count_month(scanned)
        self._count_labels(scanned, ruleset)

    def _count_people(self, scanned: ScannedAsset) -> None:
        people = self.people
        people.assets += any(not preference.set_by_upload for preference in scanned.preferences)
        for preference in scanned.preferences:
            people.set_by_upload += preference.set_by_upload
            people.added += preference.want == "add" and not preference.set_by_upload
            people.removed += preference.want == "remove"

    def _count_month(self, scanned: ScannedAsset) -> None:
        since = self.now - RECENT
        if scanned.decided_at > since:
            self.month.decided += 1
            self.month.tagged += bool(scanned.managed_tags)
        for provider, result in scanned.categorizations.items():
            self.month.labeled[provider] += result.status == "complete" and result.observed_at > since

    def _count_labels(self, scanned: ScannedAsset, ruleset: Ruleset) -> None:
        categorizations = scanned.results_of(ruleset.providers)
        complete = {
            provider: result.labels for provider, result in categorizations.items() if result.status == "complete"
        }
        if not complete:
            return
        inputs = Inputs(
            facts=scanned.facts or UNSET,
            categorizations=categorizations,
            managed_tags=scanned.managed_tags,
            user_tags=scanned.user_tags,
            suppressed=scanned.suppressed,
            people=scanned.person_tags,
            resource_type=scanned.asset.resource_type,
        )
        labels, settings = select_for(complete, subject_of(inputs, ruleset), ruleset)
        self.labels_on[len(labels.labels)] += 1
        self.labels.update(label.name for label in labels.labels)
        decision = evaluate(inputs, ruleset).decision
        for explained in decision.labels if decision else ():
            self.outcomes[explained.outcome] += 1
        if not settings.skip:
            for label, provider in labels.with_providers():
                self._count_threshold(label, provider, settings)

    def _count_threshold(self, label: Label, provider: str, settings: Settings) -> None:
        plan = settings.label_plans.lookup(label.name)
        if plan.refused or unusable(label):
            return
        threshold, path = plan.threshold, plan.threshold_path
        if threshold is None:
            threshold, path = bar_of(provider, settings)
        counts = self.thresholds.setdefault(path, ThresholdCounts(threshold))
        if label.confidence >= threshold:
            counts.reached += 1
        elif (review := review_bar(plan, settings)) is not None and label.confidence >= review:
            counts.review += 1
        else:
            counts.below += 1


def quantile(counted: Counter[int], part: float) -> int:
    """Return the quantile at ``part`` (0 to 1) of the counted numbers; 0 if nothing was counted."""
    left = part * counted.total()
    for number, times in sorted(counted.items()):
        left -= times
        if left <= 0:
            return number
    return 0
