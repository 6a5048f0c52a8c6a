"""Label rules in layers: those of the file, and over them those of each block that matches; beneath, categories'."""

from collections.abc import Mapping

from msgspec import Struct

from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.categories import CategorySets
from autotag.domain.rules.schema import CategoryRule, LabelRule

PathedTags = tuple[tuple[str, str], ...]
"""Tags, each with the path of the rule that names it."""

KeyedRules = dict[str, tuple[str, LabelRule]]
"""Label rules as written in the file, by label key, each with its path."""


class CompiledLabel(Struct, frozen=True, gc=False):
    """A label rule with the path of each of its keys, for explanations. None: it does not say."""

    threshold: float | None = None
    threshold_path: str = ""
    tag: str | None = None
    parents: PathedTags | None = None
    priority: int | None = None


NO_RULE = CompiledLabel()

LabelRules = tuple[dict[str, CompiledLabel], ...]
"""Label rules by key, those of the last block first. To save memory, a layer holds only the rules that it changes."""


def rules_by_key(rules: Mapping[str, LabelRule], path: str) -> KeyedRules:
    """Return rules by the keys of their labels; ``path`` is the part of their paths before ``labels``."""
    return {label_key(name): (f'{path}labels."{name}"', rule) for name, rule in rules.items()}


def find_rule(key: str, rules: LabelRules) -> CompiledLabel:
    """Return the rule for the label with this key."""
    for layer in rules:
        if key in layer:
            return layer[key]
    return NO_RULE


def overlay(below: LabelRules, above: KeyedRules) -> LabelRules:
    """Merge label rules over others, key by key."""
    if not above:
        return below
    return ({key: _merged(find_rule(key, below), path, rule) for key, (path, rule) in above.items()}, *below)


def _merged(old: CompiledLabel, path: str, rule: LabelRule) -> CompiledLabel:
    own_threshold = rule.threshold is not None
    own_parents = None if rule.parents is None else tuple((name, f"{path}.parents") for name in rule.parents)
    return CompiledLabel(
        threshold=rule.threshold if own_threshold else old.threshold,
        threshold_path=f"{path}.threshold" if own_threshold else old.threshold_path,
        tag=old.tag if rule.tag is None else rule.tag,
        parents=old.parents if own_parents is None else own_parents,
        priority=old.priority if rule.priority is None else rule.priority,
    )


KeyedCategories = dict[str, tuple[str, CategoryRule]]
"""Rules for categories as written in the file, by the key of the category, each with its path."""


class OfCategories(Struct, frozen=True, gc=False):
    """What the rules for its categories say of a label, with the path of each key. None: they do not say."""

    threshold: float | None = None
    threshold_path: str = ""
    review: float | None = None
    review_path: str = ""
    denied_path: str = ""
    parents: PathedTags = ()
    priority: int | None = None


NO_CATEGORY = OfCategories()


def categories_by_key(rules: Mapping[str, CategoryRule], path: str) -> KeyedCategories:
    """Return rules by the keys of their categories; ``path`` is the part of their paths before ``categories``."""
    return {label_key(name): (f'{path}categories."{name}"', rule) for name, rule in rules.items()}


def categories_of_labels(sets: CategorySets) -> dict[str, tuple[str, ...]]:
    """Return the keys of the categories of each label, in their order, by the key of the label."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(sets, key=label_key):
        for key in sets[name]:
            found[key] = (*found.get(key, ()), label_key(name))
    return found


class CategoryTables(Struct, frozen=True):
    """The rules for categories: those of the file, then those of each block that matches, in their order.

    ``of_labels`` are the categories of each label, by its key.
    """

    of_labels: Mapping[str, tuple[str, ...]]
    tables: tuple[KeyedCategories, ...]

    def with_table(self, table: KeyedCategories) -> "CategoryTables":
        """Return these rules, and over them those of a block."""
        return CategoryTables(self.of_labels, (*self.tables, table))

    def of(self, key: str) -> OfCategories:
        """Return what the rules for its categories say of the label with this key."""
        categories, found = self.of_labels.get(key, ()), NO_CATEGORY
        for table in self.tables if categories else ():
            rules = [table[each] for each in categories if each in table]
            found = _over(found, rules, key) if rules else found
        return found


def _over(below: OfCategories, rules: list[tuple[str, CategoryRule]], key: str) -> OfCategories:
    """Return the rules of one table over others; of several in the table, the strictest of each key counts."""
    bars = [(rule.threshold, f"{path}.threshold") for path, rule in rules if rule.threshold is not None]
    reviews = [(rule.review, f"{path}.review") for path, rule in rules if rule.review is not None]
    threshold, threshold_path = max(bars, key=_bar, default=(below.threshold, below.threshold_path))
    review, review_path = max(reviews, key=_bar, default=(below.review, below.review_path))
    said = [(rule.deny, f"{path}.deny") for path, rule in rules if rule.deny is not None]
    denied = next((path for deny, path in said if deny), "")
    parents = [
        (name, f"{path}.parents") for path, rule in rules for name in rule.parents or () if label_key(name) != key
    ]  # a label is no parent of itself, as where a category is implied by one of its labels
    return OfCategories(
        threshold,
        threshold_path,
        review,
        review_path,
        denied if said else below.denied_path,
        tuple(parents) if any(rule.parents is not None for _, rule in rules) else below.parents,
        max((rule.priority for _, rule in rules if rule.priority is not None), default=below.priority),
    )


def _bar(found: tuple[float, str]) -> float:
    return found[0]
