"""The labels of one scanned asset under given rules: what each has to reach, and whether its threshold decides."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from autotag.domain.decisions.agreement import kept_labels
from autotag.domain.decisions.ancestors import dropped_ancestors, implied_ancestors
from autotag.domain.decisions.label_selection import SelectedLabels, select_for
from autotag.domain.decisions.tag_candidates import KeptLabels
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Label, label_keys, unusable
from autotag.domain.model.verdicts import Bar
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.compiled.settings import Settings, bar_of, label_bar


class AssetLabel(NamedTuple):
    """A label of an asset. ``bar``: what it has to reach on this asset under the given rules.

    ``given``: something else gives its tag as well, so that its own threshold changes nothing. ``decided``: a person
    decided on the tag or put it there, so that a threshold changes nothing on this asset. ``brought``: the tag came
    with an upload, or in another way that no person's edit or answer explains. ``provider``: the one whose bar it is,
    if the rules name no threshold for the label.
    """

    plan: LabelPlan
    name: str
    confidence: float
    bar: Bar
    given: bool
    decided: bool
    brought: bool
    provider: str

    @property
    def kept(self) -> bool:
        """Whether it reaches its threshold under the given rules."""
        return self.confidence >= self.bar.threshold


def asset_labels(scanned: ScannedAsset, ruleset: Ruleset) -> list[AssetLabel]:
    """Return the labels whose own threshold decides, the most confident first; none if the asset is skipped.

    Left out are labels that the rules refuse or drop as ancestors, and those for which a ``[[when]]`` block sets a
    threshold by name: a threshold of the label itself does not count there. Where several providers must agree on a
    tag, no label's own threshold decides.
    """
    subject = scanned.subject()
    selected, settings = select_for(scanned.complete_labels(), subject, ruleset)
    if settings.skip or settings.agree > 1:
        return []
    reaching = kept_labels(selected, settings)
    dropped = dropped_ancestors(reaching, settings, subject.ancestors)
    kept = [each for each in reaching if each[1].key not in dropped]
    implied = _implied(kept, settings, subject)
    managed = subject.managed_tags
    own = label_keys(tag for tag in subject.user_tags if tag not in managed)
    brought = own - label_keys(
        each.tag for each in scanned.preferences if each.want == "add" and not (each.set_by_upload or each.withdrawn)
    )
    suppressed = subject.suppressed
    keys_kept = {plan.key: plan.tag_key for _, plan in kept}
    labels_of_tag = Counter(tag_key for key, tag_key in keys_kept.items() if key not in suppressed)
    found = []
    for label, provider in _each_label_once(selected, settings, keys_kept):
        plan = settings.label_plans.lookup(label.name)
        if plan.refused or plan.key in dropped or unusable(label) or _block_names(plan):
            continue
        bar = label_bar(plan, provider, settings)
        others = labels_of_tag[plan.tag_key] - (label.confidence >= bar.threshold and plan.key not in suppressed)
        keys = (plan.key, plan.tag_key, plan.name_key)
        decided = plan.tag_key in own or not suppressed.isdisjoint(keys)
        given = bool(others) or plan.tag_key in implied
        found.append(
            AssetLabel(plan, label.name, label.confidence, bar, given, decided, plan.tag_key in brought, provider)
        )
    return found


def _block_names(plan: LabelPlan) -> bool:
    return plan.named and plan.threshold_path.startswith("when[")


def _each_label_once(selected: SelectedLabels, settings: Settings, kept: Container[str]) -> Iterator[tuple[Label, str]]:
    """Yield each label once, with the provider whose bar decides on it.

    Where each provider has a label of its own, that is the most confident one, and the bar is that of a provider whose
    label reaches it: the label's own threshold would take the place of them all.
    """
    if not selected.providers:
        yield from ((label, selected.provider) for label in selected.labels)
        return
    surest: dict[str, tuple[Label, str]] = {}
    for label, provider in selected.with_providers():
        plan = settings.label_plans.lookup(label.name)
        if unusable(label):
            continue
        first, found = surest.setdefault(plan.key, (label, provider))
        if plan.key in kept and first.confidence < bar_of(found, settings)[0]:
            surest[plan.key] = first, provider
    yield from surest.values()


def _implied(kept: KeptLabels, settings: Settings, subject: Subject) -> frozenset[str]:
    """Return the keys of the tags that come whatever the label: parents and ancestors of kept labels, and additions."""
    if not settings.add and not settings.ancestors and not any(plan.implies for _, plan in kept):
        return frozenset()
    from_ancestors = implied_ancestors(kept, settings, subject.ancestors, subject.suppressed)
    tags: Iterable[tuple[str, bool]] = [
        *((tag.tag_key, tag.refused) for tag, _, _ in from_ancestors),
        *((parent.tag_key, parent.refused) for _, plan in kept for parent, _ in plan.implies),
        *((tag.tag_key, tag.refused) for tag in (settings.label_plans.implied(name) for name, _ in settings.add)),
    ]
    return frozenset(key for key, refused in tags if not refused)
