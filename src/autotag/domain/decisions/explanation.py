"""The outcome of every label and of every implied tag, with its reason, in the order of the audit."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from autotag.domain.decisions.label_selection import SelectedLabels
from autotag.domain.decisions.tag_candidates import AssetTags, TagCandidate, TagCandidates
from autotag.domain.model.labels import NAME_FAULTS, Label
from autotag.domain.model.outcome import DROPPED, PRESENT, SUPPRESSED, LabelOutcome, OutcomeKind
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.settings import Settings

if TYPE_CHECKING:
    from autotag.domain.decisions.languages.tags import SpokenTag

Explanation = tuple[OutcomeKind, str | None, str]
"""An outcome, the tag that was considered, and the reason."""

_UNREACHABLE = 2.0
_STAYING: frozenset[OutcomeKind] = frozenset({"kept", "parent", "added", "translated"})


class Explainer:
    """Explains the outcomes of labels, after each of the ``candidates`` has its outcome.

    It also collects ``review``, the tags to ask a reviewer about, by key, and completes the candidates' sources.
    ``dropped`` are the keys of the labels that are dropped as ancestors, each with the label that they are of.
    ``words`` are the tags that candidates give in further languages, by key.
    """

    __slots__ = ("_asset_tags", "_candidates", "_dropped", "_words", "review", "settings", "suppressed")

    def __init__(
        self,
        settings: Settings,
        candidates: TagCandidates,
        asset_tags: AssetTags,
        dropped: Mapping[str, str],
        words: Mapping[str, "SpokenTag"] = MappingProxyType({}),
    ) -> None:
        self.settings, self._candidates, self._asset_tags = settings, candidates, asset_tags
        self._dropped, self._words = dropped, words
        self.suppressed = asset_tags.suppressed
        self.review: dict[str, str] = {}

    def explain_labels(self, selected: SelectedLabels) -> list[LabelOutcome]:
        """Return one outcome for each of the ``selected`` labels, in their order."""
        cached, lookup = self.settings.label_plans.entries.get, self.settings.label_plans.lookup
        candidates, outcomes = self._candidates, []
        usual, usual_path = self.settings.threshold, self.settings.threshold_path
        review_bar = _UNREACHABLE if self.settings.review is None else self.settings.review
        provider, others = selected.provider, selected.others
        outcome: OutcomeKind
        tag: str | None
        for label in selected.labels:
            name, confidence = label.name, label.confidence
            plan = cached(name) or lookup(name)
            bar, path = plan.threshold, plan.threshold_path
            if bar is None:
                bar, path = usual, usual_path
            if label.fault and (label.fault not in NAME_FAULTS or plan.refused == "invalid"):
                outcome, tag, because = "invalid", None, label.fault
            elif plan.refused:
                outcome, tag, because = plan.refused, None, plan.because
            elif confidence >= bar:
                candidate = candidates.get(plan.tag_key)
                if candidate is not None and candidate.leader is label:
                    outcome, tag, because = candidate.outcome, candidate.tag, candidate.because or path
                    if candidate.raised:
                        because = _with_raise(candidate, because)
                else:
                    outcome, tag, because = self._explain_not_leading(candidate, plan)
            elif confidence >= (review_bar if plan.review is None else plan.review):
                outcome, tag, because = self.explain_asked(plan, plan.review_path or self.settings.review_path)
            else:
                outcome, tag, because = "below_threshold", None, path
            by = others.get(plan.key, provider) if others else provider
            outcomes.append(LabelOutcome(name, by, confidence, outcome, tag, bar, because))
        return outcomes

    def _explain_not_leading(self, candidate: TagCandidate | None, plan: LabelPlan) -> Explanation:
        if plan.key in self._dropped:
            return self._explain_dropped(plan)
        if candidate is None or plan.key in self._asset_tags.suppressed:
            return "suppressed", plan.tag, SUPPRESSED
        leader = candidate.leader
        if leader is None or candidate.outcome in DROPPED:
            return candidate.outcome, candidate.tag, candidate.because
        if candidate.sources is not plan.sources:
            candidate.sources += tuple([source for source in plan.sources if source not in candidate.sources])
        return "merged", candidate.tag, f'"{leader.name}" at {leader.confidence:g} gives the same tag'

    def _explain_dropped(self, plan: LabelPlan) -> Explanation:
        return "ancestor", plan.tag, f'of "{self._dropped[plan.key]}"'

    def explain_kept(self, label: Label, plan: LabelPlan, path: str, leading: set[str]) -> Explanation:
        """Return the outcome of a label whose tag is kept; ``path`` is the rule that sets its bar.

        ``leading`` are the keys of the tags whose spelling a label before it gave; that of its own is added. Labels of
        two providers may be the same object.
        """
        key = plan.tag_key
        candidate = self._candidates.get(key)
        if candidate is None or candidate.leader is not label or key in leading:
            return self._explain_not_leading(candidate, plan)
        leading.add(key)
        because = candidate.because or path
        return candidate.outcome, candidate.tag, _with_raise(candidate, because) if candidate.raised else because

    def explain_asked(self, plan: LabelPlan, because: str) -> Explanation:
        """Return the outcome of a label that a person is to be asked about, for the reason ``because``."""
        key, asset_tags = plan.tag_key, self._asset_tags
        if plan.key in self._dropped:
            return self._explain_dropped(plan)
        if key in asset_tags.removed_keys or not asset_tags.suppressed.isdisjoint((plan.key, plan.name_key)):
            return "suppressed", plan.tag, SUPPRESSED
        if plan.words and any(word.key in asset_tags.removed_keys for word in plan.words):
            return "suppressed", plan.tag, SUPPRESSED
        if key in asset_tags.user_keys:
            return "present", plan.tag, PRESENT
        candidate = self._candidates.get(key)
        if candidate is None and key in self._words:
            return self._words[key].explanation
        if candidate is None:
            self.review.setdefault(key, plan.tag)
            return "review", plan.tag, because
        if candidate.outcome in DROPPED:
            return candidate.outcome, candidate.tag, candidate.because
        by = f'"{candidate.leader.name}"' if candidate.leader else candidate.because
        return "given", candidate.tag, f'"{candidate.tag}" is given by {by} already'


def _with_raise(candidate: TagCandidate, because: str) -> str:
    """Return ``because``, plus the rule that raised the confidence of ``candidate`` if the candidate stays."""
    stays = candidate.outcome in _STAYING
    return f"{because}, and {candidate.raised} at {candidate.confidence:g}" if stays else because


def explain_implied(candidates: Iterable[TagCandidate], further: Sequence[LabelOutcome] = ()) -> list[LabelOutcome]:
    """Return one outcome for each tag that is only implied by rules, the most confident first, then by name.

    ``further`` are the outcomes of tags in further languages, which take their place among them.
    """
    implied = [(candidate, candidate.implied) for candidate in candidates if candidate.implied is not None]
    if not implied and not further:
        return []
    outcomes = [
        LabelOutcome(
            tag.name,
            None,
            c.confidence,
            c.outcome,
            c.tag,
            None,
            _with_raise(c, c.because) if c.raised else c.because,
        )
        for c, tag in implied
    ]
    outcomes += further
    outcomes.sort(key=lambda outcome: (-outcome.confidence, outcome.label))
    return outcomes
