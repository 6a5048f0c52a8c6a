"""Checks for characters that people do not see, or take for others: names that look right and match nothing."""

import re
from collections.abc import Iterator

from autotag.domain.model.asset import format_key
from autotag.domain.model.labels import forbidden_character
from autotag.domain.rules.checks.locations import (
    DEFAULTS,
    LABEL_LISTS,
    TAG_LISTS,
    block,
    items,
    label_tables,
    listed_items,
)
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import ROOT, Diagnostic, Location, quoted, warning

_VISIBLE = "no control or invisible character"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FORMAT = re.compile(r"[a-z0-9]+")
_FORMAT_AT_END = re.compile(r"(?:\A|[./])([a-z0-9]+)\Z")

_LOOK_LATIN = str.maketrans(
    # Cyrillic, then Greek; ruff would have the letters replaced by those that they look like
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0501\u04bb\u051b\u051d"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u03bf\u03bd\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "aeopcyxsijdhqwABEKMHOPCTYXSIJovABEZHIKMNOPTYX",
)
"""Letters of other alphabets that look like Latin ones. Source: Unicode Technical Standard 39, confusables."""

_LATIN = re.compile(r"[A-Za-z]")
_OTHERS = re.compile(f"[{''.join(map(chr, _LOOK_LATIN))}]")


def check_characters(rules: Rules) -> Iterator[Diagnostic]:
    """Yield names with invisible characters or with letters of two alphabets, and formats that none is called."""
    for location, text in _texts(rules):
        if character := forbidden_character(text):
            yield warning(location, f"{quoted(text)} with the character {character}", _VISIBLE)
    for location, tag in (each for key in TAG_LISTS for each in _conditions(rules, key)):
        if match := _CONTROL.search(" ".join(tag.split())):
            yield warning(location, f"{quoted(tag)} with the character U+{ord(match[0]):04X}", _VISIBLE)
    for location, name in _names(rules):
        if character := _other_alphabet(name):
            latin = quoted(name.translate(_LOOK_LATIN))
            found = f"{quoted(name)}, in which U+{ord(character):04X} looks like {character.translate(_LOOK_LATIN)}"
            yield warning(location, found, "words in letters of one alphabet", suggestion=latin)
    for location, name in _conditions(rules, "format"):
        if not _FORMAT.fullmatch(format_key(name)):
            meant = _FORMAT_AT_END.search(name.strip().lower())
            suggestion = quoted(format_key(meant[1])) if meant else ""
            yield warning(
                location, f"{quoted(name)}, which no format is called", "a format such as jpg", suggestion=suggestion
            )


def _texts(rules: Rules) -> Iterator[tuple[Location, str]]:
    """Yield what is compared as it is written, and what audits show."""
    yield ROOT.key("name"), rules.name
    for i, when in enumerate(rules.when):
        yield block(i).key("name"), when.name
        yield block(i).key("folder"), when.folder or ""
        yield from listed_items(block(i).key("folder_not"), when.folder_not)
        for key, value in when.context.items():
            yield block(i).key("context").entry(key), key if forbidden_character(key) else value
        for key, values in when.metadata.items():
            location = block(i).key("metadata").entry(key)
            yield location, key
            yield from listed_items(location, values)


def _names(rules: Rules) -> Iterator[tuple[Location, str]]:
    """Yield every label and tag."""
    for key in ("deny", "allow"):
        yield from items(DEFAULTS.key(key), getattr(rules.defaults, key))
    for table in label_tables(rules):
        for name, rule in table.rules.items():
            location = table.location.entry(name)
            yield location, name
            yield location.key("tag"), rule.tag or ""
            yield from items(location.key("parents"), rule.parents)
        for name, category in table.categories.items():
            yield table.category(name), name
            yield from items(table.category(name).key("parents"), category.parents)
    for key in (*TAG_LISTS, *LABEL_LISTS, "add"):
        yield from _conditions(rules, key)
    for code, words in rules.translations.items():
        for name, word in words.items():
            location = ROOT.key("translations").entry(code).entry(name)
            yield location, name
            yield location, word


def _conditions(rules: Rules, key: str) -> Iterator[tuple[Location, str]]:
    for i, when in enumerate(rules.when):
        yield from items(block(i).key(key), getattr(when, key))


def _other_alphabet(name: str) -> str:
    """Return the first letter of another alphabet in a word that has Latin letters too, or ""."""
    if name.isascii():
        return ""
    words = (word for word in re.findall(r"\w+", name) if _LATIN.search(word))
    return next((match[0] for word in words if (match := _OTHERS.search(word))), "")
