"""The evidence that ``autotag rules suggest`` counted at first, to compare with: as its code was.

Release 0.2 counted no verdict below the place where people could say "wrong", but was otherwise the same.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

from autotag.domain.decisions.label_selection import select_labels
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import label_key, unusable
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import TagPreference
from autotag_cli.rules.asset_inputs import inputs_of_scanned

Verdict = Literal["right", "left", "wrong"]


class Observation(NamedTuple):
    """One verdict on a label of this ``confidence`` (0 to 1). ``kept``: it reaches its threshold.

    The verdict ``left`` means right, because a person left the tag there.
    """

    confidence: float
    verdict: Verdict
    kept: bool


class LabelEvidence(Struct):
    """The evidence on one label: how often each observation was made. ``name``: as in the asset counted first."""

    name: str
    observations: Counter[Observation]


class Evidence(Struct):
    """The evidence by keys of labels. ``assets``: how many were read; ``edited``: on how many people edited tags."""

    assets: int = 0
    edited: int = 0
    labels: dict[str, LabelEvidence] = {}

    def add(self, scanned: ScannedAsset, ruleset: Ruleset, *, explicit: bool = False) -> None:
        """Count one asset. ``explicit``: tags that were left there are not counted."""
        self.assets += 1
        edits = [
            preference
            for preference in scanned.preferences
            if not preference.set_by_upload and preference.at >= scanned.asset.version * 1000
        ]
        if not edits:
            return
        self.edited += 1
        for key, name, observation in _observations(scanned, edits, ruleset, explicit=explicit):
            label = self.labels.setdefault(key, LabelEvidence(name, Counter()))
            label.observations[observation] += 1


def collect_evidence(assets: Iterable[ScannedAsset], ruleset: Ruleset, *, explicit: bool = False) -> Evidence:
    """Return the evidence of all assets; they are not kept in memory."""
    evidence = Evidence()
    for scanned in assets:
        evidence.add(scanned, ruleset, explicit=explicit)
    return evidence


def _observations(
    scanned: ScannedAsset, edits: list[TagPreference], ruleset: Ruleset, *, explicit: bool
) -> Iterator[tuple[str, str, Observation]]:
    """Yield each label with a verdict: its key, its name, and the observation."""
    asset = inputs_of_scanned(scanned)
    labels = select_labels(asset.labels, ruleset.providers)
    settings = ruleset.settings_for(asset.subject, labels.by_key)
    if settings.skip:
        return
    right, wrong = _targets(edits, "add"), _targets(edits, "remove")
    left = frozenset() if explicit else frozenset(map(label_key, scanned.managed_tags))
    for label in labels.labels:
        plan = settings.label_plans.lookup(label.name)
        if unusable(label) or plan.refused or (plan.threshold is not None and _is_from_when_block(plan)):
            continue
        threshold = settings.threshold if plan.threshold is None else plan.threshold
        kept = label.confidence >= threshold
        accepted, rejected = right.include(plan), wrong.include(plan)
        if accepted != rejected:
            yield plan.key, label.name, Observation(label.confidence, "right" if accepted else "wrong", kept)
        elif not accepted and kept and plan.tag_key in left:
            yield plan.key, label.name, Observation(label.confidence, "left", kept)


class _EditTargets(NamedTuple):
    """What edits are about: the labels that they name, or else their tags."""

    labels: frozenset[str]
    tags: frozenset[str]

    def include(self, plan: LabelPlan) -> bool:
        return plan.key in self.labels or not self.tags.isdisjoint((plan.tag_key, plan.key))


def _targets(edits: list[TagPreference], want: Literal["add", "remove"]) -> _EditTargets:
    preferences = [preference for preference in edits if preference.want == want]
    return _EditTargets(
        frozenset(key for preference in preferences for key in preference.labels),
        frozenset(label_key(preference.tag) for preference in preferences if not preference.labels),
    )


def _is_from_when_block(plan: LabelPlan) -> bool:
    return plan.threshold_path.startswith("when[")
