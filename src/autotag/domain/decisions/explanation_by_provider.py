"""The outcomes of labels where the labels of each provider count for themselves."""

from autotag.domain.decisions.agreement import JudgedLabels
from autotag.domain.decisions.explanation import Explainer, Explanation
from autotag.domain.model.labels import unusable
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.rules.compiled.settings import bar_of, review_bar


def explain_each(explainer: Explainer, judged: JudgedLabels) -> list[LabelOutcome]:
    """Return one outcome for the label of each provider, in their order; see ``Explainer.explain_labels``."""
    settings, outcomes, givers = explainer.settings, [], judged.givers
    agree = settings.agree
    bars = {provider: bar_of(provider, settings) for provider in set(judged.providers)}
    too_few = {number: f"{settings.agree_path}: {number} of {agree}" for number in range(1, agree)}
    leading: set[str] = set()
    found: Explanation
    for label, provider, plan, reaches in zip(*judged[:4], strict=True):
        bar, path = bars[provider]
        if plan.threshold is not None:
            bar, path = plan.threshold, plan.threshold_path
        review = review_bar(plan, settings)
        if label.fault and (unusable(label) or plan.refused == "invalid"):
            found = "invalid", None, label.fault
        elif plan.refused:
            found = plan.refused, None, plan.because
        elif reaches:
            key = plan.tag_key
            because = too_few.get(givers[key].bit_count()) if agree > 1 else None
            if because is None:
                found = explainer.explain_kept(label, plan, path, may_lead=key not in leading)
                if plan.key not in explainer.suppressed and found[0] != "ancestor":
                    leading.add(key)
            elif review is None:
                found = "not_agreed", plan.tag, because
            else:
                found = explainer.explain_asked(plan, because)
        elif review is not None and label.confidence >= review:
            found = explainer.explain_asked(plan, plan.review_path or settings.review_path)
        else:
            found = "below_threshold", None, path
        outcomes.append(LabelOutcome(label.name, provider, label.confidence, found[0], found[1], bar, found[2]))
    return outcomes
