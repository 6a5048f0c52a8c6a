"""The labels that count: those of the rules' providers, each name once, the most confident first."""

from collections.abc import Iterable, Mapping
from operator import attrgetter

from msgspec import Struct

from autotag.domain.decisions.ranking import ranked
from autotag.domain.model.labels import LABEL_KEYS, Label, unusable

_BY_NAME = attrgetter("name")

Given = list[tuple[str, tuple[Label, ...]]]
"""The labels of each provider that counts, in the rules' order."""


class Considered(Struct, frozen=True):
    """``labels`` are the most confident first, those of equal confidence by name; ``by_key`` are the same by key.

    They are ``provider``'s, except those whose providers ``others`` tells by key.
    """

    by_key: dict[str, Label]
    labels: list[Label]
    provider: str
    others: dict[str, str]


def considered(labels: Mapping[str, Iterable[Label]], providers: Iterable[str]) -> Considered:
    """Choose from ``labels``, by provider: where a name comes twice, the usable and then the most confident entry."""
    given: Given = [(provider, tuple(labels[provider])) for provider in providers if provider in labels]
    if len(given) == 1:
        provider, found = given[0]
        by_key = {LABEL_KEYS[label.name]: label for label in found}
        if len(by_key) == len(found):  # nearly always: one provider, each name once
            return Considered(by_key, ranked(found, _BY_NAME), provider, {})
    by_key, others = _chosen(given)
    return Considered(by_key, ranked(by_key.values(), _BY_NAME), "", others)


def _chosen(given: Given) -> tuple[dict[str, Label], dict[str, str]]:
    best: dict[str, Label] = {}
    provider_of: dict[str, str] = {}
    for provider, found in given:
        for label in found:
            key = LABEL_KEYS[label.name]
            other = best.get(key)
            if other is None or _rank(label) < _rank(other):
                best[key], provider_of[key] = label, provider
    return best, provider_of


def _rank(label: Label) -> tuple[bool, float, str, str]:
    return (unusable(label), -label.confidence, label.name, label.fault)
