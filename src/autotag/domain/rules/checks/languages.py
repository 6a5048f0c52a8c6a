"""Checks of languages and of the tables of translations that hold their words."""

from collections.abc import Iterator

from autotag.domain.model.labels import MAX_TAG_LENGTH, label_key
from autotag.domain.rules.checks.locations import DEFAULTS, block, items, label_tables
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.schema_values import language_key
from autotag.domain.rules.validation.problems import ROOT, Diagnostic, Location, error, quoted, warning

_TABLES = ROOT.key("translations")


def check_languages(rules: Rules) -> Iterator[Diagnostic]:
    """Yield languages without a table beside another one, tables that no setting names, and words that do not fit."""
    tables: dict[str, str] = {}
    for code in rules.translations:
        first = tables.setdefault(language_key(code), code)
        if first != code:
            yield error(_TABLES.entry(code), f"another spelling of {quoted(first)}", "one table for each language")
    named: set[str] = set()
    own: tuple[str, Location] | None = None
    for location, codes in _settings(rules):
        seen: dict[str, str] = {}
        for at, code in items(location, codes):
            key = language_key(code)
            named.add(key)
            if seen.setdefault(key, at.text) != at.text:
                yield warning(at, f"{quoted(code)}, which is {seen[key]} already", "each language once")
            elif key not in tables:
                if own is None:
                    own = key, at
                elif own[0] != key:
                    found = f"{quoted(code)} without a table of translations, beside {own[1].text} without one"
                    yield error(at, found, "one language at most that has no table: that of the rules", own[1])
    for code, table in rules.translations.items():
        location = _TABLES.entry(code)
        if language_key(code) not in named:
            yield warning(location, "a table for a language that no setting names", f"{quoted(code)} in languages")
        elif not table:
            yield warning(location, "a table without words", 'words such as Guitar = "Gitarre"')
        yield from _words(rules, location, table)
    yield from _denied_words(rules)
    for location, most, codes in _caps(rules):
        if 0 < most < len(codes):
            found = f"{most} for {len(codes)} languages, so that no tag fits that has a word in each"
            yield warning(location, found, f"at least {len(codes)}")
    for i, when in enumerate(rules.when):
        codes, most = when.set.languages or (), rules.defaults.max_tags
        if when.set.max_tags is None and 0 < most < len(codes):
            found = f"{len(codes)} languages for a max_tags of {most}, so that no tag fits that has a word in each"
            yield warning(block(i).key("set").key("languages"), found, f"at most {most}", DEFAULTS.key("max_tags"))


def _settings(rules: Rules) -> Iterator[tuple[Location, tuple[str, ...]]]:
    yield DEFAULTS.key("languages"), rules.defaults.languages
    for i, when in enumerate(rules.when):
        yield block(i).key("set").key("languages"), when.set.languages or ()


def _words(rules: Rules, location: Location, table: dict[str, str]) -> Iterator[Diagnostic]:
    spellings: dict[str, str] = {}
    longest = max(label_tables(rules), key=lambda each: len(each.prefix))
    for name, word in table.items():
        first = spellings.setdefault(label_key(name), name)
        if first != name:
            yield error(location.entry(name), f"another spelling of {quoted(first)}", "one word for each tag")
        if len(longest.prefix) + len(word) > MAX_TAG_LENGTH:
            found = f"{len(longest.prefix) + len(word)} characters together with {longest.prefix_location.text}"
            yield error(location.entry(name), found, f"at most {MAX_TAG_LENGTH}", longest.prefix_location)


def _denied_words(rules: Rules) -> Iterator[Diagnostic]:
    denied = {label_key(name): at for at, name in reversed([*items(DEFAULTS.key("deny"), rules.defaults.deny)])}
    for code, table in rules.translations.items() if denied else ():
        for name, word in table.items():
            by = denied.get(label_key(word)) or denied.get(label_key(rules.defaults.prefix + word))
            if by and label_key(name) not in denied:
                found = f"{quoted(word)}, which {by.text} denies"
                yield warning(_TABLES.entry(code).entry(name), found, "a word that is not denied", by)


def _caps(rules: Rules) -> Iterator[tuple[Location, int, tuple[str, ...]]]:
    """Yield the caps, each with the languages of the assets that it is for as far as a block's own settings say."""
    base = rules.defaults
    yield DEFAULTS.key("max_tags"), base.max_tags, base.languages
    for i, when in enumerate(rules.when):
        if when.set.max_tags is not None:
            languages = base.languages if when.set.languages is None else when.set.languages
            yield block(i).key("set").key("max_tags"), when.set.max_tags, languages
