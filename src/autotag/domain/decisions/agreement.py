"""Labels of several providers, each with its own bar, and the tags that enough of the providers give."""

from collections.abc import Iterable, Mapping
from itertools import compress, repeat
from typing import NamedTuple

from autotag.domain.decisions.ancestors import NO_ANCESTORS, AncestorNames, dropped_ancestors
from autotag.domain.decisions.label_selection import SelectedLabels, select_for
from autotag.domain.decisions.tag_candidates import KeptLabels, at_or_above_threshold
from autotag.domain.model.labels import NAME_FAULTS, Label
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.compiled.settings import Settings


class JudgedLabels(NamedTuple):
    """The label of each provider, the most confident first, with its plan, and whether it reaches its bar.

    ``givers`` has a bit for each provider that gives a tag, by the key of the tag.
    """

    labels: list[Label]
    providers: list[str]
    plans: list[LabelPlan]
    reaches: list[bool]
    givers: dict[str, int]


def judge(selected: SelectedLabels, settings: Settings) -> JudgedLabels:
    """Compare the label of each provider with its bar; ``selected`` must hold them."""
    cached, lookup = settings.label_plans.entries.get, settings.label_plans.lookup
    labels, providers = selected.labels, selected.providers
    plans = [cached(label.name) or lookup(label.name) for label in labels]
    usual = [settings.bars.get(name, settings.threshold) for name in providers] if settings.bars else None
    reaches = [
        label.confidence >= (bar if plan.bar is None else plan.bar) and (not label.fault or label.fault in NAME_FAULTS)
        for label, plan, bar in zip(labels, plans, usual or repeat(settings.threshold), strict=False)
    ]
    givers: dict[str, int] = {}
    if settings.agree > 1:
        bits = {name: 1 << n for n, name in enumerate(dict.fromkeys(providers))}
        given = givers.get
        for plan, provider in compress(zip(plans, providers, strict=True), reaches):
            givers[plan.tag_key] = given(plan.tag_key, 0) | bits[provider]
    return JudgedLabels(labels, providers, plans, reaches, givers)


def kept_of(judged: JudgedLabels, settings: Settings) -> KeptLabels:
    """Return the labels that reach their bar and whose tags enough providers give."""
    found = compress(zip(judged.labels, judged.plans, strict=True), judged.reaches)
    agree, givers = settings.agree, judged.givers
    if agree <= 1:
        return list(found)
    agreed = {key for key, given in givers.items() if given.bit_count() >= agree}
    return [each for each in found if each[1].tag_key in agreed]


def kept_labels(selected: SelectedLabels, settings: Settings, ancestors: AncestorNames = NO_ANCESTORS) -> KeptLabels:
    """Return the labels that are kept, the most confident first.

    They reach their bar, enough providers give their tags, and they are not dropped as ``ancestors`` of others.
    """
    if not selected.providers:
        kept = at_or_above_threshold(selected.labels, settings)
    else:
        kept = kept_of(judge(selected, settings), settings)
    dropped = dropped_ancestors(kept, settings, ancestors)
    return [each for each in kept if each[1].key not in dropped] if dropped else kept


def kept_with_providers(selected: SelectedLabels, settings: Settings) -> list[tuple[LabelPlan, str]]:
    """Return the plan and the provider of each label that ``kept_labels`` returns where no ancestors are known."""
    if not selected.providers:
        kept = at_or_above_threshold(selected.labels, settings)
        return [(plan, selected.others.get(plan.key, selected.provider)) for _, plan in kept]
    judged = judge(selected, settings)
    found = compress(zip(judged.plans, judged.providers, strict=True), judged.reaches)
    agree, givers = settings.agree, judged.givers
    return [each for each in found if agree <= 1 or givers[each[0].tag_key].bit_count() >= agree]


def has_enough(labels: Mapping[str, Iterable[Label]], subject: Subject, ruleset: Ruleset) -> bool:
    """Return whether so many providers have labels that the rules decide; a rule that skips the asset decides as well.

    ``labels`` are those of the providers that completed.
    """
    complete = sum(name in labels for name in ruleset.providers)
    if not complete or complete >= ruleset.agree:
        return complete > 0
    settings = select_for(labels, subject, ruleset)[1]
    return bool(settings.skip) or complete >= settings.agree
