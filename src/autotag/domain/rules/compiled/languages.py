"""The languages that tags are written in, and the tables that hold the words of all but the rules' own language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from autotag.domain.model.labels import label_key, why_unwritable
from autotag.domain.rules.schema_values import language_key


class Word(Struct, frozen=True, gc=False):
    """A tag in a further language, with case and prefix; ``path`` is that of its entry in the table of the language."""

    tag: str
    key: str
    path: str


NO_WORDS: tuple[Word, ...] = ()


class Entry(NamedTuple):
    """One entry of a table of translations: its path, and the word as it is written there."""

    path: str
    word: str


class Languages(Struct, frozen=True):
    """The languages of some settings. ``own``: tags are written in the language of the rules themselves as well.

    ``tables`` are those of the other languages, in the order of the rules, each by the keys of tags and labels.
    """

    own: bool
    tables: tuple[Mapping[str, Entry], ...]

    @property
    def several(self) -> bool:
        """Whether a tag may be written in more than one language."""
        return len(self.tables) + self.own > 1

    def keys_of_words(self, as_tag: Callable[[str], str]) -> dict[str, str]:
        """Return by the key of each word as the file has it that of its tag, where ``as_tag`` makes them differ."""
        words = {entry.word for table in self.tables for entry in table.values()}
        keys = {label_key(word): label_key(as_tag(word)) for word in words}
        return {name: key for name, key in keys.items() if name != key}

    def entries(self, names: Sequence[str]) -> Iterator[Entry]:
        """Yield for each table the entry under the first of ``names``, which are keys, if there is one."""
        for table in self.tables:
            entry = next((table[key] for key in names if key in table), None)
            if entry is not None:
                yield entry


Tables = Mapping[str, Mapping[str, Entry]]
"""The tables of translations, by the key of the language."""

NO_TABLES: Tables = {}


def tables_of(translations: Mapping[str, Mapping[str, str]]) -> Tables:
    """Return the tables of a rules file by language; the entries of each are by the keys of their names."""
    return {
        language_key(code): {
            label_key(name): Entry(f'translations.{code}."{name}"', word) for name, word in table.items()
        }
        for code, table in translations.items()
    }


def languages_of(codes: Sequence[str], tables: Tables) -> Languages | None:
    """Return the languages with these ``codes``; None where tags are in the rules' own language alone.

    The rules' own language is the one that has no table.
    """
    keys = tuple(dict.fromkeys(map(language_key, codes)))
    translated = tuple(tables[key] for key in keys if key in tables)
    return Languages(own=len(translated) < len(keys), tables=translated) if translated else None


class Spoken(NamedTuple):
    """A tag as it is written, its key, where it is translated the path of its word, and its words in other languages.

    ``denied``: all its words are denied, and it is not written in the rules' own language.
    """

    tag: str
    tag_key: str
    translated: str
    words: tuple[Word, ...]
    denied: bool


def spoken(
    languages: Languages, tag: str, names: Sequence[str], as_tag: Callable[[str], str], deny: frozenset[str]
) -> Spoken:
    """Return ``tag``, which is in the rules' own language, in all of ``languages``.

    Its words are looked up under the first of ``names``, which are keys. ``as_tag`` gives a word its case and prefix;
    one that cannot be written then is none. ``deny`` are the keys of denied tags.
    """
    tag_key = label_key(tag)
    entries = [
        (entry, written) for entry in languages.entries(names) if not why_unwritable(written := as_tag(entry.word))
    ]
    found: dict[str, Word] = {}
    for entry, written in entries:
        key = label_key(written)
        if deny.isdisjoint((label_key(entry.word), key)):
            found.setdefault(key, Word(written, key, entry.path))
    if languages.own or not entries:
        found.pop(tag_key, None)
        return Spoken(tag, tag_key, "", tuple(found.values()), denied=False)
    if not found:
        return Spoken(tag, tag_key, "", NO_WORDS, denied=True)
    first, *others = found.values()
    return Spoken(first.tag, first.key, first.path, tuple(others), denied=False)
