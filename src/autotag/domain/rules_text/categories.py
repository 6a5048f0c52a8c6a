"""The labels of categories, as a list and a library name them: what a push stores with the rules."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from autotag.domain.model.label_list import LabelList
from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.categories import NO_SETS, CategorySets, named_categories
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import Diagnostic, Location, quoted, warning

_A_LIST = "one of a list: autotag labels import FILE"
_NEAR = 0.75
"""How much alike two names are, from 0 to 1, for one to be meant by the other."""


class MovedLabels(NamedTuple):
    """The keys of the labels that ``joined`` a category, and of those that ``left`` it."""

    category: str
    joined: tuple[str, ...]
    left: tuple[str, ...]


def moved_labels(old: CategorySets, new: CategorySets) -> tuple[MovedLabels, ...]:
    """Return which labels moved in categories that both sets of rules name; none of a category that stays as it is."""
    before = {label_key(name): set(labels) for name, labels in old.items()}
    found = []
    for name in sorted(new, key=label_key):
        if (known := before.get(label_key(name))) is not None and known != set(new[name]):
            joined, left = set(new[name]) - known, known - set(new[name])
            found.append(MovedLabels(name, tuple(sorted(joined)), tuple(sorted(left))))
    return tuple(found)


class Resolved(NamedTuple):
    """The ``sets`` of the categories that rules name, and warnings: of ``unknown`` ones, and of ``doubtful`` ones.

    Those have no labels, or only some: no list names the others.
    """

    sets: dict[str, tuple[str, ...]]
    unknown: tuple[Diagnostic, ...] = ()
    doubtful: tuple[Diagnostic, ...] = ()


class KnownCategories:
    """The categories of a list that was imported, and of the library's own answers by Rekognition.

    ``detected`` are the categories that those answers give a label, by its name: they win over the list for that label.
    ``stored`` are sets of an earlier push, for categories that neither has; ``fixed`` are sets that win over all,
    ``fixed_by`` the push that they are of.
    """

    def __init__(
        self,
        listed: LabelList | None = None,
        detected: Mapping[str, Iterable[str]] | None = None,
        stored: CategorySets = NO_SETS,
        fixed: CategorySets = NO_SETS,
        fixed_by: str = "",
    ) -> None:
        self._fixed_by = fixed_by
        self._only_detected: set[str] = set()
        self._list_name = listed.name if listed else ""
        of_labels: dict[str, tuple[str, ...]] = {}
        for name, about in listed.labels.items() if listed else ():
            of_labels[label_key(name)] = (*of_labels.get(label_key(name), ()), *about.categories)
        listed_names = [category for names in of_labels.values() for category in names]
        of_labels |= {label_key(name): tuple(categories) for name, categories in (detected or {}).items()}
        self._names: dict[str, str] = {}
        self._labels: dict[str, set[str]] = {}
        for category in listed_names:
            self._add(category)
        for label, categories in of_labels.items():
            for category in categories:
                self._add(category).add(label)
        if listed is None:
            self._only_detected = set(self._names)
        for name, labels in stored.items():
            if label_key(name) not in self._names:
                self._add(name).update(labels)
        for name, labels in fixed.items():
            self._add(name)
            self._labels[label_key(name)] = set(labels)
            self._only_detected.discard(label_key(name))

    def _add(self, category: str) -> set[str]:
        self._names.setdefault(label_key(category), category)
        return self._labels.setdefault(label_key(category), set())

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all categories, in their order."""
        return tuple(self._names[key] for key in sorted(self._names))

    def resolve(self, rules: Rules) -> Resolved:
        """Return the labels of the categories that ``rules`` name."""
        named = named_categories(rules)
        sets = {name: tuple(sorted(self._labels[label_key(name)])) for name in named if label_key(name) in self._labels}
        return Resolved(sets, tuple(self._unknown(named, sets)), tuple(self._doubtful(named, sets)))

    def _doubtful(self, named: Mapping[str, Location], sets: CategorySets) -> Iterator[Diagnostic]:
        for name, labels in sets.items():
            if not labels:
                yield warning(named[name], "a category without labels", "a category that has some")
            elif label_key(name) in self._only_detected:
                number = "1 label" if len(labels) == 1 else f"{len(labels):,} labels"
                found = f"a category and no imported list: only {number} that Rekognition told the library"
                yield warning(named[name], found, _A_LIST)

    def _unknown(self, named: Mapping[str, Location], sets: CategorySets) -> Iterator[Diagnostic]:
        for name, place in named.items():
            if name in sets:
                continue
            near = get_close_matches(label_key(name), self._names, n=1, cutoff=_NEAR)
            found = f"a category that {self._list_name} does not have"
            if not self._list_name:
                found = "a category, and no imported list of labels that could have it"
            if self._fixed_by:
                found = f"a category that {self._fixed_by} did not have"
            expected = "one of that push" if self._fixed_by else _A_LIST
            yield warning(place, found, expected, suggestion=quoted(self._names[near[0]]) if near else "")
