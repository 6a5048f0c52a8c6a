"""Errors and warnings of a rules file, as values: the location, what was found there, and what was expected."""

import json
import re
from collections.abc import Collection
from typing import Literal, NamedTuple

from msgspec import Struct

from autotag.domain.errors import Invalid

KeyPath = tuple[str | int, ...]
"""The path to a location in the document: keys, and indexes from 0."""

MAX_ERRORS = 200
"""Maximum number of errors in one report; a file with more of them is probably not a rules file."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Location(NamedTuple):
    """A location in the document. ``text`` is its key path for people, with indexes from 1."""

    path: KeyPath = ()
    text: str = ""

    def key(self, name: str) -> "Location":
        """Return the location of a key of the schema, or of an unknown key."""
        return self._below(name, name if _BARE.fullmatch(name) else quoted(name))

    def entry(self, name: str) -> "Location":
        """Return the location of an entry with a free name, such as a label: always quoted, as in audits."""
        return self._below(name, quoted(name))

    def item(self, index: int) -> "Location":
        """Return the location of an item of a list; ``index`` counts from 0."""
        return Location((*self.path, index), f"{self.text}[{index + 1}]")

    def _below(self, key: str, text: str) -> "Location":
        return Location((*self.path, key), f"{self.text}.{text}" if self.text else text)


ROOT = Location()


class Diagnostic(Struct, frozen=True):
    """One error or warning of a rules file. ``line`` and ``column`` count from 1; only invalid TOML has them."""

    path: KeyPath
    where: str
    found: str
    expected: str
    suggestion: str = ""
    severity: Literal["error", "warning"] = "error"
    involves: tuple[KeyPath, ...] = ()
    line: int | None = None
    column: int | None = None

    @property
    def sentence(self) -> str:
        """The whole message without the line number, and without a period at the end."""
        where = f"{self.where}: " if self.where else ""
        suggestion = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{where}found {self.found}, expected {self.expected}{suggestion}"


class InvalidRules(Invalid):
    """Rules that cannot be used; ``errors`` holds every error in them."""

    def __init__(self, source: str, errors: Collection[Diagnostic]) -> None:
        lines = (f"line {each.line}: " if each.line else "" for each in errors)
        sentences = [line + each.sentence for line, each in zip(lines, errors, strict=True)]
        super().__init__(source, ". ".join(sentences))
        self.errors = tuple(errors)


def error(location: Location, found: str, expected: str, *others: Location, suggestion: str = "") -> Diagnostic:
    """Return an error, which makes rules unusable; ``others`` are further locations that it depends on."""
    return Diagnostic(location.path, location.text, found, expected, suggestion, involves=tuple(p.path for p in others))


def warning(location: Location, found: str, expected: str, *others: Location, suggestion: str = "") -> Diagnostic:
    """Return a warning about something that is probably a mistake, but harmless."""
    involves = tuple(p.path for p in others)
    return Diagnostic(location.path, location.text, found, expected, suggestion, "warning", involves)


def quoted(text: str) -> str:
    """Return ``text`` as a TOML string, shortened if it is long."""
    return json.dumps(text if len(text) <= 60 else f"{text[:57]}...", ensure_ascii=False)
