"""Checks for names that occur twice in one table or list. Two spellings of a label count as one label."""

from collections.abc import Callable, Iterable, Iterator

from autotag.domain.model.asset import format_key
from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.locations import DEFAULTS, LABEL_LISTS, TAG_LISTS, block, items, label_tables
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.schema_values import listed
from autotag.domain.rules.validation.problems import Diagnostic, Location, error, quoted, warning


def check_duplicates(rules: Rules) -> Iterator[Diagnostic]:
    """Yield names that occur twice."""
    for table in label_tables(rules):
        seen: dict[str, str] = {}
        for name in table.rules:
            first = seen.setdefault(label_key(name), name)
            if first != name:
                yield error(
                    table.location.entry(name), f"another spelling of {quoted(first)}", "one table for each label"
                )
        for name, rule in table.rules.items():
            yield from _duplicates(table.location.entry(name).key("parents"), rule.parents)
    for key in ("providers", "deny", "allow"):
        yield from _duplicates(DEFAULTS.key(key), getattr(rules.defaults, key))
    for i, when in enumerate(rules.when):
        for key in (*TAG_LISTS, *LABEL_LISTS, "add", "resource_type"):
            yield from _duplicates(block(i).key(key), getattr(when, key))
        yield from _duplicates(block(i).key("folder_not"), listed(when.folder_not), lambda glob: glob.strip("/"))
        yield from _duplicates(block(i).key("format"), when.format, format_key)
        for field, values in when.metadata.items():
            yield from _duplicates(block(i).key("metadata").entry(field), listed(values), str)
    first_blocks: dict[str, int] = {}
    for i, when in enumerate(rules.when):
        first_block = first_blocks.setdefault(when.name, i)
        if when.name and first_block != i:
            yield warning(block(i).key("name"), f"the name of {block(first_block).text} again", "a name of its own")


def _duplicates(
    location: Location, values: Iterable[str] | None, key: Callable[[str], str] = label_key
) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    for item_location, value in items(location, values):
        first = seen.setdefault(key(value), item_location.text)
        if first != item_location.text:
            yield warning(item_location, f"{quoted(value)}, which is {first} already", "each name once")
