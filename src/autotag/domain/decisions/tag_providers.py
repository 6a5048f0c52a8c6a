"""The providers of each tag, so that no tag is removed because the labels of its provider are missing."""

from collections.abc import Mapping

from autotag.domain.decisions.decide import Decision
from autotag.domain.decisions.label_selection import select_labels
from autotag.domain.decisions.tag_candidates import at_or_above_threshold
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.rules.compiled.ruleset import Rulebook, Subject

Givers = dict[str, tuple[str, ...]]
"""The providers of each tag; empty for a tag that only rules give."""


def unheard(
    categorizations: Mapping[str, Categorization], ours: Mapping[str, tuple[str, ...]], known: Givers
) -> dict[str, tuple[str, ...]]:
    """Return the tags of ``ours`` that may come from a provider that failed or whose labels never came.

    Empty unless another of the rules' providers completed. ``known`` maps tags to their providers, where known.
    """
    silent = frozenset(provider for provider, found in categorizations.items() if found.status != "complete")
    if not silent or len(silent) == len(categorizations):
        return {}
    return {tag: names for tag, names in ours.items() if silent & {*known.get(tag, silent)}}


def givers(decision: Decision, labels: Mapping[str, tuple[Label, ...]], subject: Subject, rulebook: Rulebook) -> Givers:
    """Return the providers whose labels gave each tag of ``decision``, directly or as an implied tag.

    A label counts for the provider with its highest confidence, as everywhere.
    """
    selected = select_labels(labels, rulebook.providers)
    settings = rulebook.settings_for(subject, selected.by_key)
    found: dict[str, dict[str, None]] = {}
    for _, plan in at_or_above_threshold(selected.labels, settings):
        provider = selected.others.get(plan.key, selected.provider)
        gives = [parent.tag_key for parent, _ in plan.implies]
        if plan.key not in subject.suppressed:
            gives.append(plan.tag_key)
        for key in gives:
            found.setdefault(key, {})[provider] = None
    return {tag: tuple(sorted(found.get(label_key(tag), ()))) for tag in decision.tags}


def staying(decision: Decision, given: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the tags of ``given`` (see ``unheard``) that stay although ``decision`` does not contain them.

    They fill the room under the cap. A tag that was decided anyway, even under another name or spelling, is left out.
    """
    stands = {key for tag in decision.tags for key in (label_key(tag), *decision.sources[tag])}
    found = sorted(tag for tag, names in given.items() if stands.isdisjoint((label_key(tag), *names)))
    return tuple(found[: decision.room])
