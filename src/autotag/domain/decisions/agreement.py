"""Labels of several providers, each with its own bar, and the tags that enough of the providers give."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from autotag.domain.decisions.label_selection import SelectedLabels, select_for
from autotag.domain.decisions.tag_candidates import KeptLabels, at_or_above_threshold
from autotag.domain.model.labels import NAME_FAULTS, Label
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.compiled.settings import Settings


class Reaching(NamedTuple):
    """A label that reaches its bar, with its plan and its provider."""

    label: Label
    plan: LabelPlan
    provider: str


def kept_labels(selected: SelectedLabels, settings: Settings) -> KeptLabels:
    """Return the labels that reach their bar and whose tags enough providers give, the most confident first."""
    if not selected.providers:
        return at_or_above_threshold(selected.labels, settings)
    return [(label, plan) for label, plan, _ in kept_of_each(selected, settings)]


def kept_of_each(selected: SelectedLabels, settings: Settings) -> list[Reaching]:
    """Return what ``kept_labels`` does, with providers."""
    if not selected.providers:
        kept = at_or_above_threshold(selected.labels, settings)
        return [Reaching(label, plan, selected.others.get(plan.key, selected.provider)) for label, plan in kept]
    found = _reaching(selected, settings)
    if settings.agree <= 1:
        return found
    givers = _givers(found)
    return [each for each in found if len(givers[each.plan.tag_key]) >= settings.agree]


def givers_of_tags(selected: SelectedLabels, settings: Settings) -> Mapping[str, set[str]]:
    """Return the providers that give each tag, by the key of the tag; empty where one is enough."""
    return _givers(_reaching(selected, settings)) if settings.agree > 1 else {}


def has_enough(labels: Mapping[str, Iterable[Label]], subject: Subject, ruleset: Ruleset) -> bool:
    """Return whether so many providers have labels that the rules decide; a rule that skips the asset decides as well.

    ``labels`` are those of the providers that completed.
    """
    complete = sum(name in labels for name in ruleset.providers)
    if not complete or complete >= ruleset.agree:
        return complete > 0
    settings = select_for(labels, subject, ruleset)[1]
    return bool(settings.skip) or complete >= settings.agree


def _reaching(selected: SelectedLabels, settings: Settings) -> list[Reaching]:
    cached, lookup = settings.label_plans.entries.get, settings.label_plans.lookup
    bars, threshold = settings.bars, settings.threshold
    found = []
    for label, provider in zip(selected.labels, selected.providers, strict=True):
        plan = cached(label.name) or lookup(label.name)
        bar = bars.get(provider, threshold) if plan.bar is None else plan.bar
        if label.confidence >= bar and (not label.fault or label.fault in NAME_FAULTS):
            found.append(Reaching(label, plan, provider))
    return found


def _givers(found: Iterable[Reaching]) -> dict[str, set[str]]:
    givers: dict[str, set[str]] = {}
    for _, plan, provider in found:
        givers.setdefault(plan.tag_key, set()).add(provider)
    return givers
