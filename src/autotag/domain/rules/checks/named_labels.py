"""The labels that rules name, and where."""

from collections.abc import Iterator

from msgspec import Struct

from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.categories import NO_SETS, CategorySets
from autotag.domain.rules.checks.locations import DEFAULTS, block, items, label_tables
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import Location

LABEL_LISTS = ("deny", "allow")
"""The keys of ``[defaults]`` that hold labels."""
LABEL_CONDITIONS = ("labels_any", "labels_all", "labels_none")
"""The keys of ``[[when]]`` that hold labels."""


class NamedLabel(Struct, frozen=True):
    """A label that rules name: ``location`` is that of its name, ``within`` that of the list or table it stands in."""

    name: str
    location: Location
    within: Location

    @property
    def rule(self) -> str:
        """Return the path of the rule: a table of the label's own, or the list that names it."""
        return self.within.text if isinstance(self.location.path[-1], int) else self.location.text


def named_labels(rules: Rules) -> Iterator[NamedLabel]:
    """Yield the labels that rules name: those of lists, of tables, and of conditions."""
    for key in LABEL_LISTS:
        yield from _listed(DEFAULTS.key(key), getattr(rules.defaults, key))
    for table in label_tables(rules):
        for name in table.rules:
            yield NamedLabel(name, table.location.entry(name), table.location)
    for i, when in enumerate(rules.when):
        for key in LABEL_CONDITIONS:
            yield from _listed(block(i).key(key), getattr(when, key))


def rules_by_label(rules: Rules, sets: CategorySets = NO_SETS) -> dict[str, tuple[str, ...]]:
    """Return the paths of the rules that name a label or a category of it, by the label's key.

    ``sets`` are the labels of the categories that the rules name.
    """
    found: dict[str, dict[str, None]] = {}
    for each in named_labels(rules):
        found.setdefault(label_key(each.name), {})[each.rule] = None
    labels_of = {label_key(name): labels for name, labels in sets.items()}
    for table in label_tables(rules):
        for name in table.categories:
            for key in labels_of.get(label_key(name), ()):
                found.setdefault(key, {})[table.category(name).text] = None
    return {key: tuple(paths) for key, paths in found.items()}


def _listed(within: Location, names: tuple[str, ...] | None) -> Iterator[NamedLabel]:
    return (NamedLabel(name, location, within) for location, name in items(within, names))
