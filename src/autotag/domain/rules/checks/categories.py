"""Categories: those that rules name, the labels that stored sets put there, and checks of their rules."""

from collections.abc import Iterator, Mapping

from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.locations import LabelTable, items, label_tables
from autotag.domain.rules.schema import CategoryRule, Rules
from autotag.domain.rules.validation.problems import Diagnostic, InvalidRules, Location, error, quoted, warning

CategorySets = Mapping[str, tuple[str, ...]]
"""The labels of categories, by the names of the categories: the keys of the labels, in their order."""

NO_SETS: CategorySets = {}


def named_categories(rules: Rules) -> dict[str, Location]:
    """Return the categories that rules name, each once, as it is first spelled, with that place."""
    found: dict[str, tuple[str, Location]] = {}
    for table in label_tables(rules):
        for name in table.categories:
            found.setdefault(label_key(name), (name, table.category(name)))
    return dict(found.values())


def required_sets(rules: Rules, sets: CategorySets) -> dict[str, tuple[str, ...]]:
    """Return the labels of the categories that rules name, by their names in the rules.

    Raises ``InvalidRules`` with each category that has no set.
    """
    known = {label_key(name): labels for name, labels in sets.items()}
    named = named_categories(rules)
    missing = [
        error(place, "a category whose labels are not known", "what autotag labels import FILE and a push make known")
        for name, place in named.items()
        if label_key(name) not in known
    ]
    if missing:
        raise InvalidRules("rules", missing)
    return {name: tuple(sorted(set(map(label_key, known[label_key(name)])))) for name in named}


def check_categories(rules: Rules) -> Iterator[Diagnostic]:
    """Yield rules for categories that say nothing, contradict themselves, or stand in a table twice."""
    for table in label_tables(rules):
        first: dict[str, str] = {}
        for name, rule in table.categories.items():
            if (other := first.setdefault(label_key(name), name)) != name:
                yield error(table.category(name), f"another spelling of {quoted(other)}", "one table for each category")
            yield from _of_rule(table, name, rule)


def _of_rule(table: LabelTable, name: str, rule: CategoryRule) -> Iterator[Diagnostic]:
    location = table.category(name)
    review, threshold = location.key("review"), location.key("threshold")
    if rule == CategoryRule():
        yield warning(location, "a rule that says nothing", f"one of {', '.join(CategoryRule.__struct_fields__)}")
    if rule.review is not None and rule.deny:
        found = "a review bar for labels that are never written"
        yield warning(review, found, f"no such bar beside {location.key('deny').text}", location.key("deny"))
    elif rule.review is not None and rule.threshold is not None and rule.review > rule.threshold:
        expected = f"at most {threshold.text}, which is {rule.threshold:g}"
        yield error(review, f"{rule.review:g}", expected, threshold)
    for key in ("threshold", "priority", "parents") if rule.deny else ():
        if getattr(rule, key) is not None:
            found = f"{key} of labels that are never written"
            yield warning(
                location.key(key), found, f"no {key} beside {location.key('deny').text}", location.key("deny")
            )
    seen: dict[str, str] = {}
    for place, parent in items(location.key("parents"), rule.parents):
        if (first := seen.setdefault(label_key(parent), place.text)) != place.text:
            yield warning(place, f"{quoted(parent)}, which is {first} already", "each name once")
