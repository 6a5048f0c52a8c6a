"""Selection of the labels to decide on: those of the rules' providers, each name once, the most confident first."""

from collections.abc import Iterable, Mapping
from operator import attrgetter

from msgspec import Struct

from autotag.domain.decisions.ranking import ranked
from autotag.domain.model.labels import LABEL_KEYS, Label, label_key, unusable

_BY_NAME = attrgetter("name")

Given = list[tuple[str, tuple[Label, ...]]]
"""The labels of each of the rules' providers, in the order of the rules."""


class Considered(Struct, frozen=True):
    """The selected labels: in ``labels`` by descending confidence, then by name, and in ``by_key`` by key.

    ``others`` maps the keys of labels to their providers; all other labels come from ``provider``.
    """

    by_key: dict[str, Label]
    labels: list[Label]
    provider: str
    others: dict[str, str]


def considered(labels: Mapping[str, Iterable[Label]], providers: Iterable[str]) -> Considered:
    """Select from ``labels``, by provider. Of entries with one key, prefer a usable one, then the most confident."""
    given: Given = [(provider, tuple(labels[provider])) for provider in providers if provider in labels]
    if len(given) == 1:
        cached = LABEL_KEYS.entries.get
        provider, found = given[0]
        by_key = {cached(label.name) or label_key(label.name): label for label in found}
        if len(by_key) == len(found):  # the usual case: one provider, each name once
            return Considered(by_key, ranked(found, _BY_NAME), provider, {})
    by_key, others = _chosen(given)
    return Considered(by_key, ranked(by_key.values(), _BY_NAME), "", others)


def _chosen(given: Given) -> tuple[dict[str, Label], dict[str, str]]:
    best: dict[str, Label] = {}
    provider_of: dict[str, str] = {}
    for provider, found in given:
        for label in found:
            key = label_key(label.name)
            other = best.get(key)
            if other is None or _rank(label) < _rank(other):
                best[key], provider_of[key] = label, provider
    return best, provider_of


def _rank(label: Label) -> tuple[bool, float, str, str]:
    return (unusable(label), -label.confidence, label.name, label.fault)
