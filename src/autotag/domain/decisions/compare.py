"""The tags that would change on an asset under other rules. Tags only, for speed: it runs over every asset at once."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.decisions.agreement import has_enough, kept_labels
from autotag.domain.decisions.decide import decide, decide_tags
from autotag.domain.decisions.label_selection import SelectedLabels, select_for, select_labels, settings_of
from autotag.domain.decisions.renamed_tags import renamed_tags
from autotag.domain.decisions.tag_candidates import KeptLabels
from autotag.domain.decisions.tag_providers import retained_tags
from autotag.domain.model.labels import Label, label_key
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.compiled.settings import Settings
from autotag.domain.rules.schema import Rules, When

Tags = frozenset[str]

_NONE: Tags = frozenset()

RetainableTags = Mapping[str, tuple[str, ...]]
"""Managed tags of providers whose labels are missing, each with the keys of the labels and names that it stands for."""


class ChangedTags(NamedTuple):
    """The tags that an asset gains and loses; ``renamed`` pairs those of them that are one tag under two names."""

    gained: Tags
    lost: Tags
    renamed: tuple[tuple[str, str], ...] = ()


class _Side(Struct, frozen=True):
    """Everything that the tags under one of the two sets of rules depend on."""

    subject: Subject
    ruleset: Ruleset
    settings: Settings
    kept: KeptLabels
    retainable: RetainableTags


LEAVES_ALONE = Ruleset(Rules(when=(When(skip=True),)))
"""Rules that have done nothing to an asset."""


def changes_if_decided(
    labels: Mapping[str, Iterable[Label]],
    subject: Subject,
    old: Ruleset,
    new: Ruleset,
    *,
    people: Tags,
    retainable: Callable[[Ruleset], RetainableTags],
) -> ChangedTags | None:
    """Return what ``changed_tags`` does, or None if fewer providers than ``new`` asks for have labels of the asset.

    Until they have, rules change nothing on it: so where ``old`` has too few, it has done nothing. ``retainable``
    returns the tags that may stay under given rules.
    """
    if not decides(labels, subject, new, people):
        return None
    before = old if decides(labels, subject, old, people) else LEAVES_ALONE
    return changed_tags(labels, subject, before, new, people=people, retainable=(retainable(before), retainable(new)))


def changed_tags(
    labels: Mapping[str, Iterable[Label]],
    subject: Subject,
    old: Ruleset,
    new: Ruleset,
    *,
    people: Tags = _NONE,
    retainable: tuple[RetainableTags, RetainableTags] = ({}, {}),
) -> ChangedTags:
    """Return the tags that an asset would gain and lose, and the renames, if ``new`` decided instead of ``old``.

    ``labels`` maps a provider to its labels. An asset that the rules skip keeps its tags. Mode ``dry_run`` is ignored:
    the result is what would be written. ``people`` are the keys of the tags that a person is known to have changed:
    rules with ``auto_tagged = "adopt"`` adopt any other tag of the asset that equals a label. ``retainable`` are the
    tags that may stay under the old and the new rules because a provider's labels are missing.
    """
    selected = None if old.by_provider else select_labels(labels, old.providers)
    before = _side(labels, selected, subject, old, people, retainable[0])
    if new.by_provider:
        selected = None
    elif selected is None or new.providers != old.providers:
        selected = select_labels(labels, new.providers)
    after = _side(labels, selected, subject, new, people, retainable[1])
    if _decide_alike(before, after):
        return ChangedTags(_NONE, _NONE)
    old_tags, new_tags = _tags(before, labels), _tags(after, labels)
    gained, lost = new_tags - old_tags, old_tags - new_tags
    renamed = renamed_tags(_keys(before, lost), _keys(after, gained)) if gained and lost else ()
    return ChangedTags(gained, lost, renamed)


def with_adopted(subject: Subject, selected: SelectedLabels, ruleset: Ruleset, people: Tags) -> Subject:
    """Return ``subject`` with the tags managed that ``ruleset`` adopts; ``people`` as for ``changed_tags``."""
    if not ruleset.adopts:
        return subject
    by_key = selected.by_key
    adopted = [tag for tag in subject.user_tags if (key := label_key(tag)) in by_key and key not in people]
    user_tags = tuple(tag for tag in subject.user_tags if tag not in adopted)
    return replace(subject, user_tags=user_tags, managed_tags=subject.managed_tags.union(adopted))


def _keys(side: _Side, tags: Tags) -> dict[str, tuple[str, ...]]:
    """Return the keys of the labels that give each of ``tags`` by themselves; where rules skip the asset, none do."""
    keys: dict[str, tuple[str, ...]] = {}
    for _, plan in () if side.settings.skip else side.kept:
        for tag in (plan.tag, *(word.tag for word in plan.words)):
            if tag in tags:
                keys[tag] = (*keys.get(tag, ()), plan.key)
    return keys


def decides(labels: Mapping[str, Iterable[Label]], subject: Subject, ruleset: Ruleset, people: Tags) -> bool:
    """Return whether enough providers have labels for ``ruleset``; ``people`` as for ``changed_tags``."""
    if ruleset.agree > 1 and ruleset.adopts:
        subject = with_adopted(subject, select_labels(labels, ruleset.providers), ruleset, people)
    return has_enough(labels, subject, ruleset)


def _side(
    labels: Mapping[str, Iterable[Label]],
    selected: SelectedLabels | None,
    subject: Subject,
    ruleset: Ruleset,
    people: Tags,
    retainable: RetainableTags,
) -> _Side:
    """Return one side; ``selected`` is None where the labels of each provider count for themselves."""
    if selected is not None:
        subject = with_adopted(subject, selected, ruleset, people)
        settings = settings_of(selected, subject, ruleset)
    else:
        if ruleset.adopts:
            subject = with_adopted(subject, select_labels(labels, ruleset.providers), ruleset, people)
        selected, settings = select_for(labels, subject, ruleset)
    return _Side(subject, ruleset, settings, kept_labels(selected, settings, subject.ancestors), retainable)


def _decide_alike(one: _Side, other: _Side) -> bool:
    """Return whether all that tags depend on is equal. This saves work: most changes of rules concern few assets."""
    a, b = one.settings, other.settings
    return (
        (a.max_tags, bool(a.skip), one.subject) == (b.max_tags, bool(b.skip), other.subject)
        and one.kept == other.kept
        and one.retainable == other.retainable
        and (not one.subject.ancestors or "imply" not in (a.ancestors, b.ancestors))
        and [a.label_plans.implied(tag) for tag, _ in a.add] == [b.label_plans.implied(tag) for tag, _ in b.add]
    )


def _tags(side: _Side, labels: Mapping[str, Iterable[Label]]) -> Tags:
    """Return all tags of the asset after the rules are applied."""
    if side.settings.skip:
        return side.subject.managed_tags.union(side.subject.user_tags)
    if side.retainable:  # rare: which tags stay depends on the labels that each tag stands for
        decision = decide(labels, side.subject, side.ruleset)
        managed = frozenset(decision.tags).difference(decision.present)
        return managed.union(retained_tags(decision, side.retainable), side.subject.user_tags)
    return decide_tags(side.kept, side.settings, side.subject).union(side.subject.user_tags)
