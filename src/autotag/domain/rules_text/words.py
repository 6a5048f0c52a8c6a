"""Words that are added to a table of translations in the text of a rules file; everything else stays as it is."""

import tomllib
from collections.abc import Mapping
from functools import reduce
from operator import getitem
from typing import Any

from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.rules.parse import examine, parse_rules
from autotag.domain.rules.schema_values import language_key
from autotag.domain.rules.validation.problems import KeyPath
from autotag.domain.rules_text.settings import Edit, apply, entries_of, quoted, toml_text
from autotag.domain.rules_text.statements import Value

_TABLES = "translations"


def with_words(text: str, code: str, words: Mapping[str, str]) -> str:
    """Return the rules in ``text`` with ``words`` by tag in the table of the language ``code``, behind those there are.

    Raises ``Invalid`` if ``text`` is no valid rules file, would be none with these words, or cannot be edited.
    """
    rules, plain = parse_rules(text), text.removeprefix("\ufeff")
    if not words:
        return plain
    tables = {**rules.translations, code: {**rules.translations.get(code, {}), **words}}
    edited = apply(plain, [_edit(plain, code, words)])
    try:
        if parse_rules(edited) == replace(rules, translations=tables):
            return edited
    except Invalid as error:
        raise Invalid("rules", f"the text with these words is not valid ({error})") from error
    raise Invalid("rules", "the text cannot be edited: enter the words by hand")


def with_table(text: str, code: str, own: str) -> str:
    """Return the rules in ``text``, with an empty table of the language ``code`` if they lack nothing else.

    Two languages may not both be without a table, so that rules which name a new one are valid with its table only.
    Where they name several new ones, those besides ``own``, which is that of the rules, get empty tables, too.
    """
    plain = edited = text.removeprefix("\ufeff")
    errors = examine(plain).errors
    if not errors or not all(_in_languages(error.path) for error in errors):
        return text
    document = tomllib.loads(plain)
    named = [_at(document, path) for error in errors for path in (*error.involves, error.path)]
    by_key = {language_key(each): each for each in named if isinstance(each, str)}
    by_key.pop(language_key(own), None)
    by_key.pop(language_key(code), None)
    for each in (code, *by_key.values()):
        edited = apply(edited, [_edit(edited, each, {})])
        if not examine(edited).errors:
            return edited
    return text


def _in_languages(path: KeyPath) -> bool:
    return path[:2] == ("defaults", "languages") or path[2:4] == ("set", "languages")


def _at(document: Any, path: KeyPath) -> object:
    return reduce(getitem, path, document)


def _edit(text: str, code: str, words: Mapping[str, str]) -> Edit:
    line = "\r\n" if "\r\n" in text else "\n"
    lines = [f"{quoted(tag)} = {toml_text(word)}" for tag, word in words.items()]
    entries = [entry for entry in entries_of(text) if entry.steps[:1] == (_TABLES,)]
    own = [entry for entry in entries if entry.steps[:2] == (_TABLES, code)]
    for entry in own:
        if entry.value is None:
            return Edit(entry.content_end, entry.content_end, "".join(line + each for each in lines))
        if len(entry.steps) == 2:
            return _behind(entry.value, lines)
    dotted = [entry for entry in own if entry.key_prefix is not None and len(entry.steps) == 3]
    if dotted:
        last = max(dotted, key=lambda entry: entry.line_end)
        return Edit(last.line_end, last.line_end, "".join(f"{line}{last.key_prefix}{each}" for each in lines))
    for entry in entries:
        if len(entry.steps) == 1 and entry.value is not None:
            in_dots = [f"{quoted(code)}.{each}" for each in lines]
            return _behind(entry.value, in_dots if own else [f"{quoted(code)} = {{ {', '.join(lines)} }}"])
    begin = line if text and text.endswith("\n") else f"{line}{line}" if text else ""
    table = line.join([f"[{_TABLES}.{quoted(code)}]", *lines])
    return Edit(len(text), len(text), f"{begin}{table}{line}", table=True)


def _behind(table: Value, pairs: list[str]) -> Edit:
    """Return the edit that puts ``pairs`` behind those of an inline table."""
    added = ", ".join(pairs)
    if not table.pairs:
        return Edit(table.start, table.end, f"{{ {added} }}")
    end = table.pairs[-1].value.end
    return Edit(end, end, f", {added}")
