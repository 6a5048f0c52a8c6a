"""Checks for names that occur twice in one table or list. Two spellings of a label count as one label."""

from collections.abc import Callable, Iterable, Iterator

from autotag.domain.model.labels import label_key
from autotag.domain.rules.checks.locations import DEFAULTS, block, items, label_tables
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import ROOT, Diagnostic, Place, error, quoted, warning


def names(rules: Rules) -> Iterator[Diagnostic]:
    """Yield names that occur twice."""
    for table in label_tables(rules):
        seen: dict[str, str] = {}
        for name in table.rules:
            first = seen.setdefault(label_key(name), name)
            if first != name:
                yield error(table.place.entry(name), f"another spelling of {quoted(first)}", "one table for each label")
        for name, rule in table.rules.items():
            yield from _twice(table.place.entry(name).key("parents"), rule.parents)
    for key in ("providers", "deny", "allow"):
        yield from _twice(DEFAULTS.key(key), getattr(rules.defaults, key))
    for i, when in enumerate(rules.when):
        for key in ("tags_any", "labels_any", "add"):
            yield from _twice(block(i).key(key), getattr(when, key))
        yield from _twice(block(i).key("format"), when.format, lambda text: text.lower().lstrip("."))
    known: dict[str, Place] = {}
    for i, when in enumerate(rules.when):
        place = block(i).key("name")
        first_place = known.setdefault(when.name, place)
        if when.name and first_place is not place:
            yield warning(
                place, f"the name of {ROOT.key('when').item(int(first_place.steps[1])).text} again", "a name of its own"
            )


def _twice(place: Place, values: Iterable[str] | None, key: Callable[[str], str] = label_key) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    for at, value in items(place, values):
        first = seen.setdefault(key(value), at.text)
        if first != at.text:
            yield warning(at, f"{quoted(value)}, which is {first} already", "each name once")
