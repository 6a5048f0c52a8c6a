"""Labels of several providers, each with its own bar, and the tags that enough of the providers give."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from autotag.domain.decisions.ancestors import NO_ANCESTORS, AncestorNames, dropped_ancestors
from autotag.domain.decisions.label_selection import SelectedLabels, select_for
from autotag.domain.decisions.tag_candidates import KeptLabels, at_or_above_threshold
from autotag.domain.model.labels import NAME_FAULTS, Label
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.compiled.settings import Settings, bar_of


class JudgedLabels(NamedTuple):
    """The plans of all labels, in their order, and those that reach their bar, each with its plan and its provider.

    ``givers`` are the keys of the tags that each provider gives, where rules ask that providers agree, and ``agreed``
    those that enough of them give. Both are empty where no agreement is needed. ``kept`` are the labels whose tags have
    it. ``bars`` are what a label of each provider must reach that has no threshold of its own, with the rule's path.
    """

    bars: dict[str, tuple[float, str]]
    plans: list[LabelPlan]
    reaching: list[tuple[Label, LabelPlan, str]]
    givers: list[set[str]]
    agreed: set[str]
    kept: KeptLabels


def judge(selected: SelectedLabels, settings: Settings) -> JudgedLabels:
    """Compare the label of each provider with its bar; ``selected`` must hold the providers."""
    cached, lookup = settings.label_plans.entries.get, settings.label_plans.lookup
    bars = {name: bar_of(name, settings) for name in set(selected.providers)}
    usual = {name: bar for name, (bar, _) in bars.items()}
    plans = [cached(label.name) or lookup(label.name) for label in selected.labels]
    reaching = [
        (label, plan, provider)
        for label, plan, provider in zip(selected.labels, plans, selected.providers, strict=True)
        if label.confidence >= (usual[provider] if plan.bar is None else plan.bar)
        and (not label.fault or label.fault in NAME_FAULTS)
    ]
    if settings.agree <= 1:
        return JudgedLabels(bars, plans, reaching, [], set(), [(label, plan) for label, plan, _ in reaching])
    givers = [{plan.tag_key for _, plan, provider in reaching if provider == name} for name in bars]
    agreed = _in_at_least(settings.agree, givers)
    kept = [(label, plan) for label, plan, _ in reaching if plan.tag_key in agreed]
    return JudgedLabels(bars, plans, reaching, givers, agreed, kept)


def _in_at_least(number: int, sets: Sequence[set[str]]) -> set[str]:
    """Return what is in at least ``number`` of the ``sets``."""
    if number > len(sets):
        return set()
    if number == len(sets):  # the usual case: all providers are to agree
        return set.intersection(*sets)
    counts = Counter(chain.from_iterable(sets))
    return {key for key, count in counts.items() if count >= number}


def kept_labels(selected: SelectedLabels, settings: Settings, ancestors: AncestorNames = NO_ANCESTORS) -> KeptLabels:
    """Return the labels that are kept, the most confident first.

    They reach their bar, enough providers give their tags, and they are not dropped as ``ancestors`` of others.
    """
    if not selected.providers:
        kept = at_or_above_threshold(selected.labels, settings)
    else:
        kept = judge(selected, settings).kept
    dropped = dropped_ancestors(kept, settings, ancestors)
    return [each for each in kept if each[1].key not in dropped] if dropped else kept


def kept_with_providers(selected: SelectedLabels, settings: Settings) -> list[tuple[LabelPlan, str]]:
    """Return the plan and the provider of each label that ``kept_labels`` returns where no ancestors are known."""
    if not selected.providers:
        kept = at_or_above_threshold(selected.labels, settings)
        return [(plan, selected.others.get(plan.key, selected.provider)) for _, plan in kept]
    judged = judge(selected, settings)
    every, agreed = settings.agree <= 1, judged.agreed
    return [(plan, provider) for _, plan, provider in judged.reaching if every or plan.tag_key in agreed]


def has_enough(labels: Mapping[str, Iterable[Label]], subject: Subject, ruleset: Ruleset) -> bool:
    """Return whether so many providers have labels that the rules decide; a rule that skips the asset decides as well.

    ``labels`` are those of the providers that completed.
    """
    complete = sum(name in labels for name in ruleset.providers)
    if not complete or complete >= ruleset.agree:
        return complete > 0
    settings = select_for(labels, subject, ruleset)[1]
    return bool(settings.skip) or complete >= settings.agree
