"""The outcomes of labels where the labels of each provider count for themselves."""

import math

from autotag.domain.decisions.agreement import JudgedLabels
from autotag.domain.decisions.explanation import Explainer
from autotag.domain.decisions.label_selection import SelectedLabels
from autotag.domain.model.labels import unusable
from autotag.domain.model.outcome import LabelOutcome, OutcomeKind
from autotag.domain.rules.compiled.settings import review_bar


def explain_each(explainer: Explainer, selected: SelectedLabels, judged: JudgedLabels) -> list[LabelOutcome]:
    """Return one outcome for the label of each provider, in their order; see ``Explainer.explain_labels``."""
    settings, outcomes = explainer.settings, []
    agree, agreed = settings.agree, judged.agreed
    bars, explain_kept, explain_asked = judged.bars, explainer.explain_kept, explainer.explain_asked
    review = math.inf if settings.review is None else settings.review
    too_few = {number: f"{settings.agree_path}: {number} of {agree}" for number in range(1, agree)}
    leading: set[str] = set()
    outcome: OutcomeKind
    tag: str | None
    for label, provider, plan in zip(selected.labels, selected.providers, judged.plans, strict=True):
        confidence = label.confidence
        bar, path = plan.threshold, plan.threshold_path
        if bar is None:
            bar, path = bars[provider]
        if label.fault and (unusable(label) or plan.refused == "invalid"):
            outcome, tag, because = "invalid", None, label.fault
        elif plan.refused:
            outcome, tag, because = plan.refused, None, plan.because
        elif confidence >= bar:
            if agree <= 1 or plan.tag_key in agreed:
                outcome, tag, because = explain_kept(label, plan, path, leading)
            else:
                # below two is one: not counted, for speed
                because = too_few[1 if agree == 2 else sum([plan.tag_key in keys for keys in judged.givers])]
                if review_bar(plan, settings) is None:
                    outcome, tag = "not_agreed", plan.tag
                else:
                    outcome, tag, because = explain_asked(plan, because)
        elif confidence >= (review if plan.review is None else plan.review):
            outcome, tag, because = explain_asked(plan, plan.review_path or settings.review_path)
        else:
            outcome, tag, because = "below_threshold", None, path
        outcomes.append(LabelOutcome(label.name, provider, confidence, outcome, tag, bar, because))
    return outcomes
