"""Locations in a rules file, for the messages of checks."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from autotag.domain.rules.schema import CategoryRule, LabelRule, Rules
from autotag.domain.rules.schema_values import listed
from autotag.domain.rules.validation.problems import ROOT, Location

DEFAULTS = ROOT.key("defaults")
TAG_LISTS = ("tags_any", "tags_none")
LABEL_LISTS = ("labels_any", "labels_all", "labels_none")
"""The conditions of a block that name labels."""


def block(index: int) -> Location:
    """Return the location of a ``[[when]]`` block; ``index`` counts from 0."""
    return ROOT.key("when").item(index)


class LabelTable(Struct, frozen=True):
    """A table of label rules, with the case and prefix of its tags: the file's own, or a block's (``index``).

    ``categories`` are the rules for categories beside it.
    """

    location: Location
    rules: dict[str, LabelRule]
    categories: dict[str, CategoryRule]
    case: str
    prefix: str
    prefix_location: Location
    index: int | None = None

    @property
    def parents(self) -> Iterator[str]:
        """The parents that its rules name, of labels and of categories."""
        for rule in self.rules.values():
            yield from rule.parents or ()
        for category in self.categories.values():
            yield from category.parents or ()

    def category(self, name: str) -> Location:
        """Return the location of the rule for a category."""
        around = ROOT if self.index is None else block(self.index)
        return around.key("categories").entry(name)


def label_tables(rules: Rules) -> Iterator[LabelTable]:
    """Yield the file's own table of label rules, then each block's."""
    base = rules.defaults
    prefix_location = DEFAULTS.key("prefix")
    yield LabelTable(ROOT.key("labels"), rules.labels, rules.categories, base.case, base.prefix, prefix_location)
    for i, when in enumerate(rules.when):
        own = when.set.prefix is not None
        yield LabelTable(
            block(i).key("labels"),
            when.labels,
            when.categories,
            when.set.case or base.case,
            base.prefix if when.set.prefix is None else when.set.prefix,
            block(i).key("set").key("prefix") if own else prefix_location,
            i,
        )


def listed_items(location: Location, value: str | tuple[str, ...] | None) -> Iterator[tuple[Location, str]]:
    """Return each item of a list, or the one that stands without a list, with its location."""
    return items(location, value) if isinstance(value, tuple) else ((location, each) for each in listed(value))


def items(location: Location, values: Iterable[str] | None) -> Iterator[tuple[Location, str]]:
    """Return each item of a list with its location."""
    return ((location.item(i), value) for i, value in enumerate(values or ()))
