"""The statements of a TOML file with their offsets in the text, which ``tomllib`` does not report."""

import re
import tomllib
from collections.abc import Iterator
from typing import Literal, NamedTuple

from autotag.domain.errors import Invalid

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""")
_DOT = re.compile(r"[ \t]*+\.[ \t]*+")
_STRING = re.compile(
    r"""\"{3}(?:[^"\\]|\\.|"(?!""))*+"{3,5}|'{3}(?:[^']|'(?!''))*+'{3,5}|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""", re.DOTALL
)
"""A string. Source: TOML 1.0; a multi-line string may end with two more quotes."""
_BARE = re.compile(r"[^,\]}#\r\n]*+")
"""A number, a date or a boolean, with white space behind it."""
_DEEPEST = 16
"""Tables and lists within each other, more than any rule has: what is deeper is read as one value."""


class Key(NamedTuple):
    """One part of a key, without quotes and escapes, and its place in the text."""

    name: str
    start: int
    end: int


class Value(NamedTuple):
    """A value and its place; what is in it, if it is an inline table or a list."""

    kind: Literal["table", "list", "plain"]
    start: int
    end: int
    pairs: tuple["Pair", ...] = ()
    items: tuple["Value", ...] = ()


class Pair(NamedTuple):
    """A key, in parts if it is dotted, and its value."""

    keys: tuple[Key, ...]
    value: Value


class Header(NamedTuple):
    """The header of a table, or with ``block`` of a table in a list; ``end`` is behind its last bracket."""

    keys: tuple[Key, ...]
    block: bool
    start: int
    end: int


def statements(text: str) -> Iterator[Pair | Header]:
    """Yield the statements of a text that is valid TOML and has no byte order mark.

    Raises ``Invalid`` where a key is missing: then the text is no TOML.
    """
    at = _end(_BLANK, text, 0)
    while at < len(text):
        if text[at] == "[":
            header = _header(text, at)
            yield header
            at = header.end
        else:
            pair = _pair(text, at, 0)
            yield pair
            at = pair.value.end
        at = _end(_BLANK, text, at)


def _header(text: str, start: int) -> Header:
    block = text.startswith("[[", start)
    keys = _keys(text, _end(_BLANK, text, start + 1 + block))
    return Header(keys, block, start, _end(_BLANK, text, keys[-1].end) + 1 + block)


def _pair(text: str, start: int, depth: int) -> Pair:
    keys = _keys(text, start)
    equals = _end(_BLANK, text, keys[-1].end)
    return Pair(keys, _value(text, _end(_BLANK, text, equals + 1), depth))


def _keys(text: str, at: int) -> tuple[Key, ...]:
    found: list[Key] = []
    while (match := _KEY.match(text, at)) is not None:
        found.append(Key(_name(match[0]), match.start(), match.end()))
        at = _end(_DOT, text, match.end())
        if at == match.end():
            return tuple(found)
    raise Invalid(f"line {text.count('\n', 0, at) + 1}", "expected a key")


def _value(text: str, start: int, depth: int) -> Value:
    opening = text[start : start + 1]
    if opening in ("[", "{") and depth == _DEEPEST:
        return Value("plain", start, _behind(text, start))
    if opening == "[":
        return _list(text, start, depth + 1)
    if opening == "{":
        return _table(text, start, depth + 1)
    string = _STRING.match(text, start)
    if string is not None:
        return Value("plain", start, string.end())
    return Value("plain", start, start + len(text[start : _end(_BARE, text, start)].rstrip()))


def _list(text: str, start: int, depth: int) -> Value:
    items: list[Value] = []
    at = _next(text, start + 1)
    while at < len(text) and text[at] != "]":
        items.append(_value(text, at, depth))
        at = _next(text, max(items[-1].end, at + 1))
    return Value("list", start, at + 1, items=tuple(items))


def _table(text: str, start: int, depth: int) -> Value:
    pairs: list[Pair] = []
    at = _next(text, start + 1)
    while at < len(text) and text[at] != "}":
        pairs.append(_pair(text, at, depth))
        at = _next(text, pairs[-1].value.end)
    return Value("table", start, at + 1, tuple(pairs))


def _next(text: str, at: int) -> int:
    """Return the offset of what follows white space, comments and a comma."""
    at = _end(_BLANK, text, at)
    return _end(_BLANK, text, at + 1) if text.startswith(",", at) else at


def _behind(text: str, at: int) -> int:
    """Return the offset behind the bracket that closes the one at ``at``."""
    nested = 0
    while at < len(text):
        string = _STRING.match(text, at)
        if string is not None:
            at = _end(_BLANK, text, string.end())
            continue
        nested += (text[at] in "[{") - (text[at] in "]}")
        if nested == 0:
            return at + 1
        at = _end(_BLANK, text, at + 1)
    return at


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return at if match is None else match.end()


def _name(written: str) -> str:
    return next(iter(tomllib.loads(f"{written} = 0"))) if written[0] in "\"'" else written
