"""The evidence of a whole library, collected asset by asset: memory grows with labels and verdicts, not with assets."""

from collections.abc import Iterable

from msgspec import Struct

from autotag.domain.learning.asset_labels import asset_labels
from autotag.domain.learning.label_evidence import LabelEvidence
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.learning.verdicts import what_people_said
from autotag.domain.rules.compiled.ruleset import Ruleset


class Evidence(Struct):
    """The evidence by keys of labels. ``assets``: how many were read; ``judged``: on how many verdicts count."""

    assets: int = 0
    judged: int = 0
    labels: dict[str, LabelEvidence] = {}

    def add(self, scanned: ScannedAsset, ruleset: Ruleset) -> None:
        """Count one asset under the rules whose thresholds are to be learned."""
        self.assets += 1
        labels = asset_labels(scanned, ruleset)
        in_library: dict[str, float] = {}
        for label in labels:
            key = label.plan.key
            known = self.labels.get(key)
            if known is None:
                known = self.labels[key] = LabelEvidence(label.name)
            known.providers.add(label.provider)
            if known.library.add(label):
                in_library[key] = label.confidence
        said = what_people_said(scanned, labels)
        folder = scanned.facts.folder if scanned.facts else ""
        asset_id, public_id = scanned.asset.asset_id, scanned.asset.public_id
        for verdict in said.verdicts:
            self.labels[verdict.label].add(verdict, folder, asset_id, public_id)
        for key, why in said.not_counted:
            self.labels[key].not_counted[why] += 1
        for edit in said.edits:
            if edit.label in in_library:  # elsewhere the edit says nothing of the assets that are counted
                self.labels[edit.label].add_edit(edit, folder, in_library[edit.label])
        self.judged += bool(said.verdicts)


def collect_evidence(assets: Iterable[ScannedAsset], ruleset: Ruleset) -> Evidence:
    """Return the evidence of all assets; they are not kept in memory."""
    evidence = Evidence()
    for scanned in assets:
        evidence.add(scanned, ruleset)
    return evidence
