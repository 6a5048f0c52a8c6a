"""The outcomes of labels where the labels of each provider count for themselves."""

from autotag.domain.decisions.agreement import givers_of_tags
from autotag.domain.decisions.explanation import Explainer, Explanation
from autotag.domain.decisions.label_selection import SelectedLabels
from autotag.domain.model.labels import unusable
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.rules.compiled.settings import bar_of


def explain_each(explainer: Explainer, selected: SelectedLabels) -> list[LabelOutcome]:
    """Return one outcome for the label of each provider, in their order; see ``Explainer.explain_labels``."""
    settings, outcomes = explainer.settings, []
    cached, lookup = settings.label_plans.entries.get, settings.label_plans.lookup
    givers, agree = givers_of_tags(selected, settings), settings.agree
    bars = {provider: bar_of(provider, settings) for provider in set(selected.providers)}
    leading: set[str] = set()
    found: Explanation
    for label, provider in zip(selected.labels, selected.providers, strict=True):
        plan = cached(label.name) or lookup(label.name)
        bar, path = bars[provider] if plan.threshold is None else (plan.threshold, plan.threshold_path)
        if label.fault and (unusable(label) or plan.refused == "invalid"):
            found = "invalid", None, label.fault
        elif plan.refused:
            found = plan.refused, None, plan.because
        elif label.confidence >= bar:
            number = len(givers[plan.tag_key]) if agree > 1 else agree
            if number >= agree:
                found = explainer.explain_kept(label, plan, path, may_lead=plan.tag_key not in leading)
                if plan.key not in explainer.suppressed:
                    leading.add(plan.tag_key)
            else:
                because = f"{settings.agree_path}: {number} of {agree}"
                asks = settings.review is not None
                found = explainer.explain_asked(plan, because) if asks else ("not_agreed", plan.tag, because)
        elif settings.review is not None and label.confidence >= settings.review:
            found = explainer.explain_asked(plan, settings.review_path)
        else:
            found = "below_threshold", None, path
        outcome, tag, reason = found
        outcomes.append(LabelOutcome(label.name, provider, label.confidence, outcome, tag, bar, reason))
    return outcomes
