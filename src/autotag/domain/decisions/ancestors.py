"""Ancestors of labels, as Rekognition's own answer about an asset names them: dropped, or joined as implied tags.

A name counts, whichever provider it comes from: a label has the ancestors that the answer names for it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from autotag.domain.model.labels import REKOGNITION, Categorization, Label, label_key
from autotag.domain.rules.compiled.implied_tag import ImpliedTag
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.settings import Settings

AncestorNames = Mapping[str, tuple[str, ...]]
"""The names of all ancestors of labels, by the key of the label."""

NO_ANCESTORS: AncestorNames = {}


def ancestors_in(results: Mapping[str, Categorization]) -> dict[str, tuple[str, ...]]:
    """Return the ancestors that Rekognition's own answer names, if there is one among these ``results``."""
    answer = results.get(REKOGNITION)
    if answer is None or answer.status != "complete":
        return {}
    return {key: found.parents for key, found in answer.about.items() if found.parents}


def dropped_ancestors(
    kept: Sequence[tuple[Label, LabelPlan]], settings: Settings, ancestors: AncestorNames
) -> dict[str, str]:
    """Return the keys of the labels that are no tags since they are ancestors, each with the label that they are of.

    That is the most confident of the ``kept`` labels, given first, that is an ancestor of no other. Empty unless the
    settings drop ancestors.
    """
    if settings.ancestors != "drop" or not ancestors:
        return {}
    names = {plan.key: label.name for label, plan in reversed(kept)}  # of several labels of one name, the surest
    above = {key: frozenset(map(label_key, ancestors.get(key, ()))) - {key} for key in reversed(names)}
    any_ancestor = frozenset[str]().union(*above.values())
    dropped: dict[str, str] = {}
    for key, keys in above.items():
        if key not in any_ancestor:
            for each in keys:
                dropped.setdefault(each, names[key])
    return dropped


def implied_ancestors(
    kept: Collection[tuple[Label, LabelPlan]], settings: Settings, ancestors: AncestorNames, suppressed: frozenset[str]
) -> Iterator[tuple[ImpliedTag, Label, str]]:
    """Yield the ancestors that join as implied tags, and their parents, each with the label that it is of and why.

    An ancestor that is ``kept`` itself does not join, nor one whose own name, but not its tag's, is ``suppressed``.
    Nothing unless the settings imply ancestors.
    """
    if settings.ancestors != "imply" or not ancestors:
        return
    plans, keys = settings.label_plans, {plan.key for _, plan in kept}
    for label, plan in kept:
        for name in ancestors.get(plan.key, ()):
            ancestor = plans.of_label(name)
            if ancestor.key in keys:
                continue
            if ancestor.key not in suppressed or ancestor.name_key in suppressed:
                yield ancestor, label, f'rekognition\'s parents of "{label.name}"'
            yield from ((parent, label, path) for parent, path in plans.lookup(name).implies)
