"""Warnings about tags that have no word in a language."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from autotag.domain.model.labels import label_key, why_unwritable
from autotag.domain.rules.checks.locations import label_tables
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.schema_values import language_key
from autotag.domain.rules.validation.problems import ROOT, Diagnostic, quoted, warning

_SHOWN = 3


class NamedTag(Struct):
    """A tag before case and prefix: its ``name``, and the ``keys`` under which its word is looked up."""

    name: str
    keys: set[str]


def named_tags(rules: Rules, labels: Iterable[str] = ()) -> list[NamedTag]:
    """Return the tags that rules name, and those that they make of ``labels``, in this order and each once.

    Left out is what the rules deny, or do not allow, and what can be no tag.
    """
    deny, allow = (frozenset(map(label_key, names)) for names in (rules.defaults.deny, rules.defaults.allow))
    found: dict[str, NamedTag] = {}

    def note(tag: str, *keys: str) -> None:
        key = label_key(tag)
        if key and not why_unwritable(tag) and deny.isdisjoint((key, *keys)):
            found.setdefault(key, NamedTag(tag, {key})).keys.update(keys)

    renamed = {label_key(name): rule.tag for name, rule in rules.labels.items() if rule.tag is not None}
    for name in labels:
        key = label_key(name)
        if not allow or key in allow:
            note(renamed.get(key, name), key)
    for table in label_tables(rules):
        for name, rule in table.rules.items():
            key = label_key(name)
            if not allow or key in allow:
                note(rule.tag or renamed.get(key, name), key)
            for parent in rule.parents or ():
                note(parent)
        for category in table.categories.values():
            for parent in category.parents or ():
                note(parent)
    for name in rules.defaults.allow:
        note(renamed.get(label_key(name), name), label_key(name))
    for when in rules.when:
        for tag in when.add:
            note(tag)
    return list(found.values())


def check_missing_words(rules: Rules, labels: Iterable[str] = ()) -> Iterator[Diagnostic]:
    """Yield for each language with a table that a setting names how many tags have no word in it, if some have none.

    The tags are those that the rules name, and those that they make of ``labels``, which a library has.
    """
    settings = (rules.defaults.languages, *(when.set.languages or () for when in rules.when))
    named = {language_key(code) for codes in settings for code in codes}
    tags = named_tags(rules, labels) if named and rules.translations else []
    for code, words in rules.translations.items():
        known = set(map(label_key, words))
        missing = [tag.name for tag in tags if known.isdisjoint(tag.keys)]
        if missing and known and language_key(code) in named:
            shown = ", ".join(map(quoted, missing[:_SHOWN]))
            found = f"that {len(missing)} of {len(tags)} tags have no word in {code}, such as {shown}"
            yield warning(ROOT.key("translations").entry(code), found, "a word for each tag")
