"""The fields by which assets and folders are found, and how each kind of field is compared with a search term."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

Value = str | float


class Field[T](NamedTuple):
    """One field of entries. ``values`` returns its values: texts, or one number, or unix seconds, or nothing."""

    kind: Literal["text", "folder", "number", "time"]
    values: Callable[[T], tuple[Value, ...]]


class Fields[T](NamedTuple):
    """What can be asked of entries. ``find`` returns a field by name, None for an unknown one, which matches nothing.

    A term without a field is searched in ``defaults``. Results can be sorted by the fields of ``sortable``.
    """

    find: Callable[[str], Field[T] | None]
    defaults: tuple[Field[T], ...]
    sortable: dict[str, Field[T]]


def is_equal(value: str, text: str, prefix: bool) -> bool:
    """Return whether ``value`` equals ``text``, in any case, or with ``prefix`` begins with it."""
    folded = value.casefold()
    return folded.startswith(text.casefold()) if prefix else folded == text.casefold()


def contains_phrase(value: str, phrase: str, prefix: bool) -> bool:
    """Return whether ``value`` has the words of ``phrase`` in sequence; with ``prefix`` the last one may be partial."""
    if is_equal(value, phrase, prefix):
        return True
    words, phrase_words = _words(value), _words(phrase)
    size = len(phrase_words)
    if not size:
        return False
    for start in range(len(words) - size + 1):
        window = words[start : start + size]
        last_matches = window[-1].startswith(phrase_words[-1]) if prefix else window[-1] == phrase_words[-1]
        if last_matches and window[:-1] == phrase_words[:-1]:
            return True
    return False


def is_within(folder: str, path: str, prefix: bool) -> bool:
    """Return whether ``folder`` is ``path`` or, with a wildcard, that one or one below it."""
    if not prefix or not path.endswith("/"):
        return is_equal(folder, path, prefix)
    return is_equal(folder, path.rstrip("/"), False) or is_equal(folder, path, True)


@lru_cache(maxsize=65536)
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))
