"""Selection of the labels to decide on: those of the rules' providers, each name once, the most confident first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct

from autotag.domain.decisions.ranking import ranked
from autotag.domain.model.labels import LABEL_KEYS, Label, label_key, unusable
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.compiled.settings import Settings

_BY_NAME = attrgetter("name")

_NO_LABELS: Mapping[str, Label] = {}

_LabelsByProvider = list[tuple[str, tuple[Label, ...]]]
"""The labels of each of the rules' providers, in the order of the rules."""


class SelectedLabels(Struct, frozen=True, gc=False):
    """The selected labels, by descending confidence, then by name.

    ``others`` maps the keys of labels to their providers; all other labels come from ``provider``. If ``providers`` is
    not empty, ``labels`` holds the label of each provider, and ``providers`` the provider of each.
    """

    labels: list[Label]
    provider: str
    others: dict[str, str]
    providers: list[str] = []

    @property
    def by_key(self) -> dict[str, Label]:
        """The labels by key, where ``labels`` holds each name once."""
        return {label_key(label.name): label for label in self.labels}

    def with_providers(self) -> Iterator[tuple[Label, str]]:
        """Yield the labels, each with its provider."""
        if self.providers:
            yield from zip(self.labels, self.providers, strict=True)
        for label in () if self.providers else self.labels:
            yield label, self.others.get(label_key(label.name), self.provider)


def select_for(
    labels: Mapping[str, Iterable[Label]], subject: Subject, ruleset: Ruleset
) -> tuple[SelectedLabels, Settings]:
    """Select labels as ``ruleset`` asks, and return them with the settings for ``subject``."""
    if not ruleset.by_provider:
        selected = select_labels(labels, ruleset.providers)
        return selected, settings_of(selected, subject, ruleset)
    by_provider: _LabelsByProvider = [(name, _each_once(labels[name])) for name in ruleset.providers if name in labels]
    by_key: dict[str, Label] = {}
    each: dict[str, dict[str, Label]] = {}
    if ruleset.tests_labels:
        by_key, _ = _best_by_key(by_provider)
        each = {name: {label_key(label.name): label for label in found} for name, found in by_provider}
    settings = ruleset.settings_for(subject, by_key, each)
    if settings.agree <= 1 and not settings.bars:
        return select_labels(labels, ruleset.providers), settings
    # by confidence, then name, then provider in the order of the rules; a provider has each name once
    ranking = [
        (-label.confidence, label.name, n, label, name)
        for n, (name, found) in enumerate(by_provider)
        for label in found
    ]
    ranking.sort()
    return SelectedLabels([place[3] for place in ranking], "", {}, [place[4] for place in ranking]), settings


def settings_of(selected: SelectedLabels, subject: Subject, ruleset: Ruleset) -> Settings:
    """Return the settings for ``subject``, where no provider counts for itself."""
    return ruleset.settings_for(subject, selected.by_key if ruleset.tests_labels else _NO_LABELS)


def _each_once(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Return the labels of one provider, of those with one key the preferred one."""
    entries = tuple(labels)
    return entries if _names_differ(entries) else tuple(_best_by_key([("", entries)])[0].values())


def _names_differ(entries: Sequence[Label]) -> bool:
    """Return whether no two labels have one key. Without a loop in Python: a decision takes a tenth less time."""
    keys: set[str | None] = set(map(LABEL_KEYS.entries.get, map(_BY_NAME, entries)))
    if None in keys:  # a name that is new to the cache
        keys = set(map(label_key, map(_BY_NAME, entries)))
    return len(keys) == len(entries)


def select_labels(labels: Mapping[str, Iterable[Label]], providers: Iterable[str]) -> SelectedLabels:
    """Select from ``labels``, by provider. Of entries with one key, prefer a usable one, then the most confident."""
    by_provider: _LabelsByProvider = [(name, tuple(labels[name])) for name in providers if name in labels]
    if len(by_provider) == 1:
        provider, entries = by_provider[0]
        if _names_differ(entries):  # the usual case: one provider, each name once
            return SelectedLabels(ranked(entries, _BY_NAME), provider, {})
    by_key, others = _best_by_key(by_provider)
    return SelectedLabels(ranked(by_key.values(), _BY_NAME), "", others)


def _best_by_key(by_provider: _LabelsByProvider) -> tuple[dict[str, Label], dict[str, str]]:
    """Return the preferred label of each key, and its provider."""
    best: dict[str, Label] = {}
    provider_of: dict[str, str] = {}
    for provider, entries in by_provider:
        for label in entries:
            key = label_key(label.name)
            other = best.get(key)
            if other is None or _preference(label) < _preference(other):
                best[key], provider_of[key] = label, provider
    return best, provider_of


def _preference(label: Label) -> tuple[bool, float, str, str]:
    return (unusable(label), -label.confidence, label.name, label.fault)
