"""Selection of the labels to decide on: those of the rules' providers, each name once, the most confident first."""

from collections.abc import Iterable, Mapping
from operator import attrgetter

from msgspec import Struct

from autotag.domain.decisions.ranking import ranked
from autotag.domain.model.labels import LABEL_KEYS, Label, label_key, unusable

_BY_NAME = attrgetter("name")

_LabelsByProvider = list[tuple[str, tuple[Label, ...]]]
"""The labels of each of the rules' providers, in the order of the rules."""


class SelectedLabels(Struct, frozen=True):
    """The selected labels: in ``labels`` by descending confidence, then by name, and in ``by_key`` by key.

    ``others`` maps the keys of labels to their providers; all other labels come from ``provider``.
    """

    by_key: dict[str, Label]
    labels: list[Label]
    provider: str
    others: dict[str, str]


def select_labels(labels: Mapping[str, Iterable[Label]], providers: Iterable[str]) -> SelectedLabels:
    """Select from ``labels``, by provider. Of entries with one key, prefer a usable one, then the most confident."""
    by_provider: _LabelsByProvider = [(name, tuple(labels[name])) for name in providers if name in labels]
    if len(by_provider) == 1:
        provider, entries = by_provider[0]
        cached = LABEL_KEYS.entries.get
        by_key = {cached(label.name) or label_key(label.name): label for label in entries}
        if len(by_key) == len(entries):  # the usual case: one provider, each name once
            return SelectedLabels(by_key, ranked(entries, _BY_NAME), provider, {})
    by_key, others = _best_by_key(by_provider)
    return SelectedLabels(by_key, ranked(by_key.values(), _BY_NAME), "", others)


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
