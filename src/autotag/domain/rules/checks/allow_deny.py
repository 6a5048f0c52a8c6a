"""Checks of the deny list and the allow list against each other, and against the rules for labels and tags."""

from collections.abc import Iterable, Iterator

from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.locations import DEFAULTS, LABEL_LISTS, LabelTable, block, items, label_tables
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import Diagnostic, Location, error, quoted, warning

_DENY, _ALLOW = DEFAULTS.key("deny"), DEFAULTS.key("allow")


def check_allow_deny(rules: Rules) -> Iterator[Diagnostic]:
    """Yield labels that are both allowed and denied, and rules for labels or tags that are denied or not allowed."""
    denied = _first_locations(_DENY, rules.defaults.deny)
    allowed = _first_locations(_ALLOW, rules.defaults.allow)
    for key, location in allowed.items():
        if key in denied:
            name = quoted(rules.defaults.allow[int(location.path[-1])])
            yield error(location, f"{name}, which {denied[key].text} denies", "a label that is not denied", denied[key])
    referenced = set(_referenced(rules))
    # deny drops a parent, but not the tags that the parent implies
    implying = {label_key(name) for table in label_tables(rules) for name, rule in table.rules.items() if rule.parents}
    for table in label_tables(rules):
        yield from _of_labels(table, denied, allowed, referenced)
        for name, rule in table.rules.items():
            parents = items(table.location.entry(name).key("parents"), rule.parents)
            ends = ((location, tag) for location, tag in parents if label_key(tag) not in implying)
            yield from _denied_tags(ends, table.prefix, denied)
        for name, category in table.categories.items():
            parents = items(table.category(name).key("parents"), category.parents)
            ends = ((location, tag) for location, tag in parents if label_key(tag) not in implying)
            yield from _denied_tags(ends, table.prefix, denied)
    for i, when in enumerate(rules.when):
        prefix = rules.defaults.prefix if when.set.prefix is None else when.set.prefix
        yield from _denied_tags(items(block(i).key("add"), when.add), prefix, denied)


def _of_labels(
    table: LabelTable, denied: dict[str, Location], allowed: dict[str, Location], referenced: set[str]
) -> Iterator[Diagnostic]:
    for name, rule in table.rules.items():
        location, key = table.location.entry(name), label_key(name)
        if key in denied:
            if key not in referenced:
                yield warning(
                    location, f"a rule for a label that {denied[key].text} denies", "no such rule", denied[key]
                )
        elif allowed and key not in allowed:
            if key not in referenced:
                yield warning(location, f"a rule for a label that {_ALLOW.text} leaves out", "no such rule", _ALLOW)
        elif rule.tag is not None:
            yield from _denied_tags([(location.key("tag"), rule.tag)], table.prefix, denied)


def _denied_tags(
    tags: Iterable[tuple[Location, str]], prefix: str, denied: dict[str, Location]
) -> Iterator[Diagnostic]:
    for location, tag in tags:
        by = denied.get(label_key(tag)) or denied.get(label_key(prefix + tag))
        if by is not None:
            yield warning(location, f"{quoted(tag)}, which {by.text} denies", "a tag that is not denied", by)


def _referenced(rules: Rules) -> Iterator[str]:
    """Yield the keys of names that have an effect even if their label is dropped: conditions and implied tags."""
    for when in rules.when:
        for names in (*(getattr(when, key) or () for key in LABEL_LISTS), when.add):
            yield from map(label_key, names)
    for table in label_tables(rules):
        yield from map(label_key, table.parents)


def _first_locations(list_location: Location, names: Iterable[str]) -> dict[str, Location]:
    first: dict[str, Location] = {}
    for location, name in items(list_location, names):
        first.setdefault(label_key(name), location)
    return first
