"""The providers of each tag, so that no tag is removed because the labels of its provider are missing."""

from collections.abc import Mapping

from autotag.domain.decisions.agreement import kept_labels, kept_with_providers
from autotag.domain.decisions.ancestors import implied_ancestors
from autotag.domain.decisions.decide import Decision
from autotag.domain.decisions.label_selection import select_for
from autotag.domain.model.labels import REKOGNITION, Categorization, Label, label_key
from autotag.domain.rules.compiled.implied_tag import ImpliedTag
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject

TagProviders = dict[str, tuple[str, ...]]
"""The providers of each tag; empty for a tag that only rules give."""


def retainable_tags(
    categorizations: Mapping[str, Categorization], managed_tags: Mapping[str, tuple[str, ...]], providers: TagProviders
) -> dict[str, tuple[str, ...]]:
    """Return those of ``managed_tags`` that may come from a provider that failed or whose labels never came.

    Each tag is mapped to what it stands for. Empty unless another of the rules' providers completed. ``providers``
    maps tags to their providers, where these are known.
    """
    missing = frozenset(name for name, result in categorizations.items() if result.status != "complete")
    if not missing or len(missing) == len(categorizations):
        return {}
    return {tag: names for tag, names in managed_tags.items() if missing & {*providers.get(tag, missing)}}


def providers_of_tags(
    decision: Decision, labels: Mapping[str, tuple[Label, ...]], subject: Subject, ruleset: Ruleset
) -> TagProviders:
    """Return the providers whose labels gave each tag of ``decision``, directly or as an implied tag.

    A label counts for the provider with its highest confidence, except where each provider's labels count. An implied
    ancestor also counts for Rekognition, whose answer names it.
    """
    selected, settings = select_for(labels, subject, ruleset)
    kept = kept_labels(selected, settings, subject.ancestors)
    kept_keys = {plan.key for _, plan in kept}
    by_key: dict[str, set[str]] = {}
    of_label: dict[str, set[str]] = {}
    for plan, provider in kept_with_providers(selected, settings):
        if plan.key not in kept_keys:
            continue
        of_label.setdefault(plan.key, {REKOGNITION}).add(provider)
        keys = [key for parent, _ in plan.implies for key in _keys_of(parent)]
        if plan.key not in subject.suppressed:
            keys += _keys_of(plan)
        for key in keys:
            by_key.setdefault(key, set()).add(provider)
    for ancestor, label, _ in implied_ancestors(kept, settings, subject.ancestors, subject.suppressed):
        for key in _keys_of(ancestor):
            by_key.setdefault(key, set()).update(of_label[label_key(label.name)])
    return {tag: tuple(sorted(by_key.get(label_key(tag), ()))) for tag in decision.tags}


def _keys_of(plan: LabelPlan | ImpliedTag) -> tuple[str, ...]:
    """Return the keys of a tag in all its languages."""
    return (plan.tag_key, *(word.key for word in plan.words))


def retained_tags(decision: Decision, retainable: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the ``retainable_tags`` that stay although ``decision`` does not contain them.

    They fill the room under the cap. Under rules with several languages, tags that stand for one of the same labels
    stay or go together, as the languages of a tag do. A tag that was decided anyway, even under another name or
    spelling, is left out.
    """
    decided = {key for tag in decision.tags for key in (label_key(tag), *decision.sources[tag])}
    retained = sorted(tag for tag, names in retainable.items() if decided.isdisjoint((label_key(tag), *names)))
    if len(retained) <= decision.room or not decision.several:
        return tuple(retained[: decision.room])
    groups: list[tuple[set[str], list[str]]] = []
    for tag in retained:
        names, together = {*retainable[tag]}, [tag]
        for group in [each for each in groups if not names.isdisjoint(each[0])]:
            groups.remove(group)
            names, together = names | group[0], group[1] + together
        groups.append((names, together))
    staying: list[str] = []
    for _, together in sorted(groups, key=lambda group: min(group[1])):
        if len(staying) + len(together) > decision.room:
            break
        staying += together
    return tuple(sorted(staying))
