"""Checks for tags that cannot be written, and for rules about labels that cannot become tags."""

from collections.abc import Iterator

from autotag.domain.model.labels import MAX_TAG_LENGTH, forbidden_character, label_key
from autotag.domain.rules.checks.locations import DEFAULTS, LabelTable, block, items, label_tables
from autotag.domain.rules.schema import LabelRule, Rules
from autotag.domain.rules.validation.problems import Diagnostic, Location, error, quoted, warning

_ANOTHER = "a label that can become a tag"


def check_tags(rules: Rules) -> Iterator[Diagnostic]:
    """Yield tags that are too long with their prefix, labels whose name cannot be a tag, and empty label rules."""
    renamed = {label_key(n) for table in label_tables(rules) for n, rule in table.rules.items() if rule.tag is not None}
    for table in label_tables(rules):
        for name, rule in table.rules.items():
            location = table.location.entry(name)
            if rule == LabelRule():
                yield warning(location, "a rule that says nothing", f"one of {', '.join(LabelRule.__struct_fields__)}")
            if (holds := _unwritable(name)) and label_key(name) not in renamed:
                yield warning(location, f"a label that holds {holds} and no tag", _ANOTHER)
            if rule.tag is not None:
                yield from _too_long(location.key("tag"), rule.tag, table)
            for item_location, parent in items(location.key("parents"), rule.parents):
                yield from _too_long(item_location, parent, table)
        for name, category in table.categories.items():
            for item_location, parent in items(table.category(name).key("parents"), category.parents):
                yield from _too_long(item_location, parent, table)
        if table.index is not None:
            for item_location, tag in items(block(table.index).key("add"), rules.when[table.index].add):
                yield from _too_long(item_location, tag, table)
    for key in ("deny", "allow"):
        for item_location, name in items(DEFAULTS.key(key), getattr(rules.defaults, key)):
            if (holds := _unwritable(name)) and label_key(name) not in renamed:
                yield warning(item_location, f"{quoted(name)}, which holds {holds}", _ANOTHER)


def _too_long(location: Location, tag: str, table: LabelTable) -> Iterator[Diagnostic]:
    length = len(table.prefix) + len(tag.lower() if table.case == "lower" else tag)
    if length > MAX_TAG_LENGTH:
        yield error(
            location,
            f"{length} characters together with {table.prefix_location.text} {quoted(table.prefix)}",
            f"at most {MAX_TAG_LENGTH}",
            table.prefix_location,
        )


def _unwritable(name: str) -> str:
    """Return what a label holds that no tag may, or "". White space is normalized first, as for a provider's labels."""
    return "a comma" if "," in name else forbidden_character(" ".join(name.split()))
