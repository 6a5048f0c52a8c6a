"""Which provider gave a tag, so that nothing is removed because a provider could not be heard."""

from collections.abc import Mapping

from autotag.domain.decisions.decide import Decision
from autotag.domain.decisions.label_selection import considered
from autotag.domain.decisions.tag_candidates import reaching
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.rules.compiled.ruleset import Rulebook, Subject

Givers = dict[str, tuple[str, ...]]
"""Providers by tag; none where rules alone give it."""


def unheard(
    considered: Mapping[str, Categorization], ours: Mapping[str, tuple[str, ...]], known: Givers
) -> dict[str, tuple[str, ...]]:
    """Return those of ``ours`` that a provider gave, or may have given, which failed or whose labels never came.

    None unless another provider that counts is through. ``known`` are the givers of those of which they are known.
    """
    silent = frozenset(provider for provider, found in considered.items() if found.status != "complete")
    if not silent or len(silent) == len(considered):
        return {}
    return {tag: names for tag, names in ours.items() if silent & {*known.get(tag, silent)}}


def givers(decision: Decision, labels: Mapping[str, tuple[Label, ...]], subject: Subject, rulebook: Rulebook) -> Givers:
    """Return the providers whose labels gave each tag of ``decision``, themselves or as what they imply.

    A label counts for the provider with its highest confidence, as everywhere.
    """
    asked = considered(labels, rulebook.providers)
    settings = rulebook.settings_for(subject, asked.by_key)
    found: dict[str, dict[str, None]] = {}
    for _, prospect in reaching(asked.labels, settings):
        provider = asked.others.get(prospect.key, asked.provider)
        gives = [parent.tag_key for parent, _ in prospect.implies]
        if prospect.key not in subject.suppressed:
            gives.append(prospect.tag_key)
        for key in gives:
            found.setdefault(key, {})[provider] = None
    return {tag: tuple(sorted(found.get(label_key(tag), ()))) for tag in decision.tags}


def staying(decision: Decision, given: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return those of ``given``, the unheard tags, that stay although ``decision`` does not hold them.

    That is as far as the cap lets. What is decided anyway, perhaps under another name or spelling, is not one.
    """
    stands = {key for tag in decision.tags for key in (label_key(tag), *decision.sources[tag])}
    found = sorted(tag for tag, names in given.items() if stands.isdisjoint((label_key(tag), *names)))
    return tuple(found[: decision.room])
